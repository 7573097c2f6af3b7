import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { manifestSchema, summarySchema } from '@dsd-lab/experiments/schema'
import axe from 'axe-core'
import type { Browser, Locator } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openChromium } from '../scripts/open-chromium.ts'
import { buildReport, type Report } from '../src/index.ts'
import { openPage, type View } from './fixtures/open-page.ts'
import { writeRunFolder } from './fixtures/run-folder.ts'

let root = ''
let run = ''
let report: Report
let browser: Browser

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'dsd-report-pages-'))
  run = await writeRunFolder({ root: join(root, 'runs') })
  await writeRunFolder({ root: join(root, 'runs'), runId: 'interrupted', unfinished: true })
  report = await buildReport({ runs: [join(root, 'runs')], outDir: join(root, 'site') })
  browser = await openChromium()
}, 240_000)
afterAll(async () => {
  await browser?.close()
  await rm(root, { recursive: true, force: true })
})

const runPath = (): string => report.pages[0] ?? ''
const views: Omit<View, 'browser'>[] = [380, 1600].flatMap((width) => [
  { width, colorScheme: 'light' },
  { width, colorScheme: 'dark' },
])

describe('opened from disk', { timeout: 120_000 }, () => {
  test.each(views)(
    'at $width px, $colorScheme: no request, no complaint, no sideways scrolling, every figure drawn',
    async (view) => {
      for (const path of [report.index, runPath()]) {
        const { page, complaints } = await openPage(path, { browser, ...view })
        const figures = await page.locator('figure').evaluateAll((all) =>
          all.map((figure) => ({
            id: figure.id,
            marks: figure.querySelectorAll('.plot svg :is(path, rect, circle, line), .token').length,
            rows: figure.querySelectorAll('tbody tr, .token').length,
            links: [...figure.querySelectorAll('figcaption a')].map((link) => link.textContent),
          })),
        )
        expect(figures.length).toBeGreaterThan(path === report.index ? 0 : 10)
        for (const figure of figures) {
          expect(figure.marks, `marks of ${figure.id}`).toBeGreaterThan(5)
          expect(figure.rows, `rows of ${figure.id}`).toBeGreaterThan(0)
          expect(figure.links, `links of ${figure.id}`).toContain('manifest.json')
        }
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(view.width ?? 0)
        const name = `${basename(path, '.html')}-${view.width}-${view.colorScheme}.png`
        await page.screenshot({
          path: join(tmpdir(), 'dsd-report-screenshots', name),
          fullPage: true,
          timeout: 110_000,
        })
        expect(complaints).toEqual([])
        await page.close()
      }
    },
  )

  test('nothing stands against reading it with assistive technology', async () => {
    for (const path of [report.index, runPath()]) {
      for (const colorScheme of ['light', 'dark'] as const) {
        const { page } = await openPage(path, { browser, width: 1280, colorScheme })
        await page.addScriptTag({ content: axe.source })
        const found: string[] = await page.evaluate(
          `axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.slice(0, 3).map(({ html }) => html.slice(0, 160)).join(' | ')))`,
        )
        expect(found, `${basename(path)}, ${colorScheme}`).toEqual([])
        await page.close()
      }
    }
  })

  test('every link leads to a file of the site, a place on the page or a download', async () => {
    for (const path of [report.index, runPath()]) {
      const { page } = await openPage(path, { browser })
      const targets = await page
        .locator('a[href]')
        .evaluateAll((links) => links.map((link) => link.getAttribute('href') ?? ''))
      for (const target of targets.filter((href) => !href.startsWith('data:'))) {
        if (target.startsWith('#')) expect(await page.locator(target).count(), target).toBe(1)
        else expect(existsSync(join(dirname(path), target)), target).toBe(true)
      }
      await page.close()
    }
  })
})

describe('the numbers', { timeout: 120_000 }, () => {
  test('are those of the summary, in the headline and in full precision in the rows of a figure', async () => {
    const summary = summarySchema.parse(JSON.parse(await readFile(join(run, 'summary.json'), 'utf8')))
    const at = (variant: string, condition: string) =>
      summary.speed.find(
        (row) => row.variant === variant && row.task === 'word-problems' && row.condition === condition,
      )?.speedupOverAutoregressive
    const { page } = await openPage(runPath(), { browser })
    const strict = at('strict-g4', 'n4-l20')
    expect(await page.locator('.headline dd').first().textContent()).toContain(
      `${strict?.estimate.toFixed(2)}×[${strict?.low.toFixed(2)}, ${strict?.high.toFixed(2)}]`,
    )
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.locator('#figure-speedup-by-nodes figcaption a', { hasText: 'rows (csv)' }).click(),
    ])
    expect(download.suggestedFilename()).toBe('speedup-by-nodes.csv')
    const [header, ...lines] = (await readFile(await download.path(), 'utf8')).trim().split('\r\n')
    expect(header).toBe('variant,nodes,latency_ms,speedup,speedup_low,speedup_high')
    const exact = at('adaptive-t0.2', 'n8-l50')
    expect(lines).toContain(`"adaptive, tau 0.2",8,50,${exact?.estimate},${exact?.low},${exact?.high}`)
    expect(lines.length).toBe(await page.locator('#figure-speedup-by-nodes tbody tr').count())
    await page.close()
  })

  test('say by which p an arm is not inferior, what the noise floor is, and by what a link is off', async () => {
    const { page } = await openPage(runPath(), { browser })
    const headline = await page.locator('.headline').textContent()
    expect(headline).toContain('not shown non-inferior at a margin of 2, p 0.040 after Holm')
    expect(headline).toMatch(
      /two runs of the baseline on other items would differ by up to .* \(95 %, unpaired, the largest/,
    )
    expect(headline).not.toContain('mean nothing')
    // Of four links, the last: its median over frames, not the difference of the two medians (0.24).
    expect(await page.locator('#figure-live-over-virtual tbody').textContent()).toContain('0.09 ms off, 1.00 allowed')
    await page.close()
  })

  test('are drawn against the baseline in a run without plain decoding', async () => {
    const folder = await writeRunFolder({ root: join(root, 'no-plain'), runId: 'no-plain' })
    const path = join(folder, 'summary.json')
    const { speed, ...rest } = summarySchema.parse(JSON.parse(await readFile(path, 'utf8')))
    const unpaired = speed.map((row) => ({ ...row, speedupOverAutoregressive: null }))
    await writeFile(path, JSON.stringify({ ...rest, speed: unpaired }))
    const { pages } = await buildReport({ runs: [folder], outDir: join(root, 'no-plain-site') })
    const { page } = await openPage(pages[0] ?? '', { browser })
    const plot = page.locator('#figure-result .plot svg').first()
    expect(await plot.textContent()).toContain('Speed-up over strict (×)')
    expect(await plot.locator('[fill="var(--arm-2)"]').count()).toBeGreaterThan(0)
    await page.close()
  })

  test('of nodes and latency are those of links that have all else in common', async () => {
    const folder = await writeRunFolder({ root: join(root, 'mixed-links'), runId: 'mixed-links' })
    const path = join(folder, 'manifest.json')
    const manifest = manifestSchema.parse(JSON.parse(await readFile(path, 'utf8')))
    const conditions = manifest.conditions.map((each) =>
      each.nodes === 8 ? { ...each, link: { ...each.link, loss: 0.01 } } : each,
    )
    await writeFile(path, JSON.stringify({ ...manifest, conditions }))
    const { pages } = await buildReport({ runs: [folder], outDir: join(root, 'mixed-links-site') })
    const { page } = await openPage(pages[0] ?? '', { browser })
    const nodes = () => page.locator('#figure-speedup-by-nodes tbody tr td:nth-child(2)').allTextContents()
    expect(new Set(await nodes())).not.toContain('8')
    await page
      .getByLabel('Network', { exact: true })
      .selectOption('8 nodes, 20 ms links, jitter 1 ms, 200 Mbit/s, loss 1 %')
    await expect.poll(async () => [...new Set(await nodes())]).toEqual(['8'])
    await page.close()
  })

  test('follow the task, the network and the variants that are chosen', async () => {
    const { page } = await openPage(runPath(), { browser })
    await page.getByLabel('Task', { exact: true }).selectOption('programs')
    await page.getByLabel('Network', { exact: true }).selectOption('n8-l50')
    await page.getByText('Variants', { exact: true }).click()
    await page.getByLabel('strict, gamma 8').check()
    const legend = page.locator('#figure-speedup-by-nodes .legend')
    await expect.poll(() => legend.textContent()).toContain('strict, gamma 8')
    expect(await page.locator('.headline .definition').textContent()).toMatch(
      /^programs, 16 items, 8 nodes, 50 ms links/,
    )
    expect(await page.locator('#figure-timeline figcaption').textContent()).toMatch(
      /^Item programs-0 of programs at 8\u00a0nodes/,
    )
    await page.close()
  })
})

describe('the token view', { timeout: 120_000 }, () => {
  test('is walked with the keyboard, and says where each token came from and why', async () => {
    const { page } = await openPage(runPath(), { browser })
    const panel = page.locator('.token-panel').nth(1)
    const tokens = panel.getByRole('option')
    const focused = page.locator(':focus')
    await panel.getByRole('listbox').getByRole('option').first().focus()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowRight')
    const third = (await tokens.nth(2).getAttribute('aria-label')) ?? ''
    expect(await focused.getAttribute('aria-label')).toBe(third)
    expect(third).toMatch(
      /^“.+”; (?:draft|relaxed|correction|bonus), token 3 of \d+, round \d+; importance \d\.\d\d.*; entropy .* nats, margin .* nats$/,
    )
    const note = panel.locator('.token-note')
    expect(await note.isVisible()).toBe(true)
    expect((await note.locator('p').allTextContents()).join('; ')).toBe(third)
    await page.keyboard.press('End')
    expect(await focused.getAttribute('aria-label')).toBe(await tokens.last().getAttribute('aria-label'))
    await page.keyboard.press('ArrowUp')
    expect(
      await focused.evaluate((token, last) => token.getBoundingClientRect().top < last, await topOf(tokens.last())),
    ).toBe(true)
    await page.keyboard.press('Escape')
    expect(await note.isVisible()).toBe(false)
    await page.keyboard.press('Home')
    await page.keyboard.press('Shift+Tab')
    expect(await focused.evaluate((element) => element.closest('.token-panel')?.getAttribute('aria-label'))).toBe(
      'strict, gamma 4',
    )
    await page.close()
  })

  test('answers the pointer, another item and another variant', async () => {
    const { page } = await openPage(runPath(), { browser })
    const first = page.locator('.token-panel').first()
    await first.getByRole('option').nth(4).hover()
    expect(await first.locator('.token-note').textContent()).toContain('importance not scored by this rule')
    await page.locator('#figure-tokens').getByLabel('Item', { exact: true }).selectOption({ index: 3 })
    await page.locator('#figure-tokens').getByLabel('Variant', { exact: true }).selectOption('autoregressive')
    expect(await first.locator('.panel-title').textContent()).toMatch(/^autoregressive/)
    const origins = await first
      .getByRole('option')
      .evaluateAll((tokens) => tokens.map((token) => token.className.match(/origin-\w+/)?.[0]))
    expect(new Set(origins)).toEqual(new Set(['origin-target']))
    await page.close()
  })

  test('tells origins apart without colour', async () => {
    const { page } = await openPage(runPath(), { browser })
    const lines = await page
      .locator('#figure-tokens .legend .token')
      .evaluateAll((tokens) =>
        tokens
          .filter((token) => !token.classList.contains('origin-target'))
          .map((token) => getComputedStyle(token).textDecorationLine + getComputedStyle(token).textDecorationStyle),
      )
    expect(new Set(lines).size).toBe(lines.length)
    expect(lines.length).toBe(4)
    await page.close()
  })
})

test('the theme button turns the page dark and back, and the choice holds when the page is opened again', async () => {
  const { page } = await openPage(runPath(), { browser })
  const paper = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor)
  const light = await paper()
  const button = page.getByRole('button', { name: 'Dark theme' })
  expect(await button.getAttribute('aria-pressed')).toBe('false')
  await button.click()
  const dark = await paper()
  expect(dark).not.toBe(light)
  expect(await button.getAttribute('aria-pressed')).toBe('true')
  await page.reload()
  expect(await paper()).toBe(dark)
  await page.getByRole('button', { name: 'Dark theme' }).click()
  expect(await paper()).toBe(light)
  await page.close()
}, 120_000)

test('on paper the page keeps its figures', async () => {
  const { page } = await openPage(runPath(), { browser })
  await page.emulateMedia({ media: 'print' })
  expect(await page.locator('form.selection').isVisible()).toBe(false)
  expect(await page.locator('#figure-speedup-by-nodes svg').first().isVisible()).toBe(true)
  await page.close()
}, 120_000)

const topOf = (locator: Locator): Promise<number> => locator.evaluate((element) => element.getBoundingClientRect().top)
