import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { DsdError } from '@dsd-lab/core'
import { manifestSchema } from '@dsd-lab/experiments/schema'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { variantStyles } from '../src/figures/variant-style.ts'
import { buildReport } from '../src/index.ts'
import type { OverviewPage } from '../src/page-data.ts'
import { readRunFolder } from '../src/run/run-folder.ts'
import { makeRunEntry } from '../src/run/run-page.ts'
import { cacheEntryPath, readCachedBundle, writeCachedBundle } from '../src/site/bundle-cache.ts'
import { pageKey } from '../src/site/page-key.ts'
import { writeRunFolder } from './fixtures/run-folder.ts'

let root = ''
let run = ''

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'dsd-report-'))
  run = await writeRunFolder({ root: join(root, 'runs') })
}, 180_000)
afterAll(() => rm(root, { recursive: true, force: true }))

async function copyOfRun(name: string): Promise<string> {
  const folder = join(root, name, name)
  await cp(run, folder, { recursive: true })
  return folder
}

/** A copy whose plain decoding of one task was recorded with what a draft model says along it. */
async function copyWithTexts(name: string): Promise<{ readonly folder: string; readonly texts: string }> {
  const folder = await copyOfRun(name)
  const path = join(folder, 'manifest.json')
  const manifest = manifestSchema.parse(JSON.parse(await readFile(path, 'utf8')))
  const plain = manifest.variants.find(({ decode }) => decode === 'autoregressive')?.id
  const decodings = manifest.decodings.map((decoding) =>
    decoding.variant === plain && decoding.task === 'programs' ? { ...decoding, pass: 'recorded' } : decoding,
  )
  const models = { ...manifest.models, target: { ...manifest.models.target, hiddenSize: 64 } }
  await writeFile(path, JSON.stringify({ ...manifest, decodings, models }))
  const texts = join(folder, 'passes', 'recorded.jsonl')
  await mkdir(dirname(texts))
  const text = { item: 'sums-0', promptTokens: 3, maxLength: 9, events: [], drafts: [] }
  await writeFile(texts, [0, 1].map((sequence) => `${JSON.stringify({ sequence, ...text })}\n`).join(''))
  return { folder, texts }
}

async function failureOf(work: Promise<unknown>): Promise<DsdError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (error instanceof DsdError) return error
  throw new Error(`expected a DsdError, got ${String(error)}`)
}

const embedded = (html: string): string =>
  /<script type="application\/json" id="page-data">(.*?)<\/script>/s.exec(html)?.[1] ?? ''

test('a run without plain decoding is shown against its baseline, and is graded all the same', async () => {
  const record = await readRunFolder(run)
  const { summary } = record
  if (summary === null) throw new Error('the fixture has no summary')
  const speed = summary.speed.map((row) => ({ ...row, speedupOverAutoregressive: null }))
  const { result } = makeRunEntry({ ...record, summary: { ...summary, speed } })
  expect(result).toMatchObject({ over: 'strict', isGraded: true, network: expect.stringMatching(/^4 nodes, 20 ms/) })
  expect(result?.variants.map(({ label }) => label)).toContain('adaptive, tau 0.2')
  for (const { label, speedup } of result?.variants ?? []) {
    const variant = record.manifest.variants.find((one) => one.label === label)?.id
    expect(speed.map((row) => (row.variant === variant ? row.speedupOverBaseline : null))).toContainEqual(speedup)
  }
  expect(makeRunEntry(record).result?.over).toBe('autoregressive decoding')
})

describe('a site', { timeout: 180_000 }, () => {
  test('holds an overview whose marks are those of the pages, a page a run and the files the figures link to, and stays small', async () => {
    const site = join(root, 'site')
    const report = await buildReport({ runs: [run], outDir: site })
    const name = basename(run)
    expect(report).toEqual({ index: join(site, 'index.html'), pages: [join(site, `${name}.html`)], leftOut: [] })
    const manifest = manifestSchema.parse(JSON.parse(await readFile(join(site, 'data', name, 'manifest.json'), 'utf8')))
    expect(manifest.runId).toBe(name)
    for (const id of manifest.live) await stat(join(site, 'data', name, 'live', id, 'trace.jsonl'))
    const { runs }: OverviewPage = JSON.parse(embedded(await readFile(report.index, 'utf8')))
    const styles = variantStyles({ manifest })
    const looks = runs.flatMap(({ result }) => result?.variants ?? [])
    expect(looks.some(({ style }) => style.hollow)).toBe(true)
    for (const { label, style } of looks) {
      expect(style).toEqual(styles.get(manifest.variants.find((variant) => variant.label === label)?.id ?? ''))
    }
    for (const page of [report.index, ...report.pages]) {
      expect((await stat(page)).size).toBeLessThan(5e6)
      expect(await readFile(page, 'utf8')).not.toMatch(/type="module"|crossorigin|https?:/)
    }
    for (const asset of await readdir(join(site, 'assets'))) {
      const text = await readFile(join(site, 'assets', asset), 'utf8')
      expect(text.length).toBeGreaterThan(10_000)
      expect(text, asset).not.toMatch(/cdn\.|esm\.sh|(?<![.\w])import\(|@import/)
    }
  })

  test('leaves the page of a run as it is until something that it shows changes', async () => {
    const folder = await copyOfRun('again')
    const site = join(root, 'again-site')
    const built = async (): Promise<number> => {
      const { pages } = await buildReport({ runs: [folder], outDir: site })
      return (await stat(pages[0] ?? '')).mtimeMs
    }
    const first = await built()
    expect(await built()).toBe(first)

    const manifest = join(folder, 'manifest.json')
    await writeFile(manifest, (await readFile(manifest, 'utf8')).replace(/"title":\s*"[^"]*"/, '"title": "Renamed"'))
    const renamed = await built()
    expect(renamed).toBeGreaterThan(first)
    expect(await readFile(join(site, `${basename(run)}.html`), 'utf8')).toContain('<title>Renamed')

    await rm(join(site, 'data'), { recursive: true })
    expect(await built()).toBeGreaterThan(renamed)
    await stat(join(site, 'data', basename(run), 'summary.json'))
  })

  test('makes the what-if page again when it or its script is gone, and reads no text else', async () => {
    const { folder, texts } = await copyWithTexts('replayed')
    const site = join(root, 'replayed-site')
    const whatIf = join(site, `${basename(run)}.what-if.html`)
    await buildReport({ runs: [folder], outDir: site })
    const { mtimeMs } = await stat(whatIf)
    await buildReport({ runs: [folder], outDir: site })
    expect((await stat(whatIf)).mtimeMs).toBe(mtimeMs)
    for (const gone of [whatIf, join(site, 'assets', 'what-if.js')]) {
      await rm(gone)
      await buildReport({ runs: [folder], outDir: site })
      await stat(gone)
      await stat(whatIf)
    }

    await writeFile(texts, (await readFile(texts, 'utf8')).slice(0, -20))
    await buildReport({ runs: [folder], outDir: site })
    expect((await failureOf(buildReport({ runs: [folder], outDir: join(root, 'torn-site') }))).line).toMatch(
      /passes\/recorded\.jsonl:2: is not a recorded text; delete the file/,
    )
  })

  test('a page is of one key only where neither of its notebooks has changed', async () => {
    const record = await readRunFolder(run)
    const bundle = { html: 'h', script: 's', style: 'c' }
    const keyOf = (whatIf: string): string =>
      pageKey({ record, bundles: [bundle, { ...bundle, script: whatIf }], code: 'code' })
    expect(keyOf('a')).toBe(keyOf('a'))
    expect(keyOf('a')).not.toBe(keyOf('b'))
  })

  test('takes folders of runs, lists an unfinished run without a page, and shows titles as they are', async () => {
    const runs = join(root, 'several')
    const title = '<script>alert(1)</script> & $& "quoted"'
    await writeRunFolder({ root: runs, runId: 'first', title })
    await writeRunFolder({ root: runs, runId: 'second', unfinished: true })
    const { index, pages } = await buildReport({ runs: [runs], outDir: join(root, 'several-site') })
    expect(pages.map((page) => basename(page))).toEqual(['first.html'])
    const overview: { runs: { runId: string; result?: unknown }[] } = JSON.parse(
      embedded(await readFile(index, 'utf8')),
    )
    expect(overview.runs.map(({ runId, result }) => [runId, result !== undefined])).toEqual([
      ['first', true],
      ['second', false],
    ])
    const html = await readFile(pages[0] ?? '', 'utf8')
    expect(/<title>(.*?)<\/title>/.exec(html)?.[1]).toBe(
      '&lt;script>alert(1)&lt;/script> &amp; $&amp; "quoted" · DSD Lab',
    )
    expect(JSON.parse(embedded(html)).manifest.title).toBe(title)
  })
})

describe('a notebook', { timeout: 180_000 }, () => {
  test('in a run folder is neither bundled nor shown unless asked for, and is named', async () => {
    const folder = await copyOfRun('received')
    const notebook = join(folder, 'notebook.html')
    await writeFile(notebook, '<notebook><script type="module">display("code of the folder")</script></notebook>')
    const site = join(root, 'received-site')
    const { leftOut, pages } = await buildReport({ runs: [folder], outDir: site })
    expect(leftOut).toEqual([notebook])
    expect(await readFile(pages[0] ?? '', 'utf8')).toContain('<script src="assets/run.js">')
    expect(await readdir(join(site, 'assets'))).not.toContain(`${basename(run)}.js`)

    const asked = await buildReport({ runs: [folder], outDir: site, notebooks: true })
    expect(asked.leftOut).toEqual([])
    const script = await readFile(join(site, 'assets', `${basename(run)}.js`), 'utf8')
    expect(script.includes('code of the folder')).toBe(true)
  })

  test('is bundled again where the kept bundle is torn', async () => {
    const notebook = join(root, 'kept.html')
    await writeFile(notebook, '<notebook></notebook>')
    const bundle = { html: `<p>${notebook}</p>`, script: '', style: '' }
    await writeCachedBundle({ notebook, bundle, inputs: [notebook] })
    expect(await readCachedBundle(notebook)).toEqual(bundle)
    for (const damaged of ['', '{"bundle":{"html":"', '{"bundle":{}}']) {
      await writeFile(cacheEntryPath(notebook), damaged)
      expect(await readCachedBundle(notebook)).toBeUndefined()
    }
    await rm(cacheEntryPath(notebook))
  })

  test.each([
    ['an import from a CDN', `import confetti from 'npm:canvas-confetti'`, /canvas-confetti.*would be fetched/],
    ['an import that is not installed', `import nothing from 'not-installed-anywhere'`, /not-installed-anywhere/],
    ['a cell that does not parse', 'const = 1', /Unexpected token/],
  ])('is refused with one line for %s', async (_, cell, line) => {
    const folder = await copyOfRun('refused')
    await writeFile(join(folder, 'notebook.html'), `<notebook><script type="module">${cell}</script></notebook>`)
    const error = await failureOf(buildReport({ runs: [folder], outDir: join(root, 'refused-site'), notebooks: true }))
    expect(error.line).toMatch(line)
    expect(error.line).toMatch(/^notebook\.html: /)
    expect(error.line).not.toContain('\n')
    expect(error.exitCode).toBe(2)
  })
})

describe('what is not a run', { timeout: 180_000 }, () => {
  test('is named, with what to do', async () => {
    const empty = await mkdtemp(join(root, 'empty-'))
    expect((await failureOf(buildReport({ runs: [empty], outDir: join(root, 'no') }))).line).toBe(
      `${empty}: no run folder here; make one with \`exp run ablation-adaptive.ts\``,
    )
    const missing = join(root, 'missing')
    expect((await failureOf(buildReport({ runs: [missing], outDir: join(root, 'no') }))).line).toMatch(
      /^.*missing: cannot be read; name a run folder/,
    )
  })

  test('a file that does not fit the run schema is named with its field', async () => {
    const folder = await copyOfRun('broken')
    const path = join(folder, 'summary.json')
    const summary = JSON.parse(await readFile(path, 'utf8'))
    summary.quality[3].accuracy.low = 'low'
    await writeFile(path, JSON.stringify(summary))
    expect((await failureOf(buildReport({ runs: [folder], outDir: join(root, 'no') }))).line).toMatch(
      /summary\.json: quality\.3\.accuracy\.low: .*expected number/,
    )
    await writeFile(path, '{"schema": 1,')
    expect((await failureOf(buildReport({ runs: [folder], outDir: join(root, 'no') }))).line).toMatch(
      /summary\.json: is not JSON/,
    )
  })

  test('a line of a trace that does not fit is named with file and item', async () => {
    const folder = await copyOfRun('torn')
    const path = join(folder, 'cells', 'strict-g4-programs-n4-l20', 'trace.jsonl')
    const lines = (await readFile(path, 'utf8')).split('\n')
    lines[2] = '{"type":"timing","index":-1}'
    await writeFile(path, lines.join('\n'))
    expect((await failureOf(buildReport({ runs: [folder], outDir: join(root, 'no') }))).line).toMatch(
      /strict-g4-programs-n4-l20\/trace\.jsonl, item programs-0:\d+/,
    )
  })
})
