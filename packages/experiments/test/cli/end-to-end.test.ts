import { cp, readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { parquetReadObjects } from 'hyparquet'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { RunFolder } from '../../src/store/run-folder.ts'
import { exp, onlyRun, startExp, studySource, textsFinished, workplace, writeStudy } from './exp-process.ts'

const place = workplace()
const runs = place.newRuns()
const cwd = place.folder
const env = { DSD_RUNS: runs }
const patience = 300_000

let first = { code: null as number | null, out: '', err: '' }
beforeAll(async () => {
  await writeStudy(cwd, 'study.ts', studySource())
  first = await exp(['run', 'study.ts', '--no-report'], { cwd, env })
}, patience)
afterAll(() => place[Symbol.dispose]())

const summaryBytes = async (folder: string): Promise<string> =>
  readFile(join(await onlyRun(folder), 'summary.json'), 'utf8')

describe('a run', () => {
  it('ends with what it found, every estimate with its interval, and where it is kept', async () => {
    expect(first.err).not.toContain('Error')
    expect(first.code).toBe(0)
    expect(first.out).toMatch(/strict, gamma 4 .*\d\.\d\d \[\d\.\d\d, \d\.\d\d\] x/)
    expect(first.out).toContain(`run: ${await onlyRun(runs)}`)
    // No speed-up anywhere without the interval behind it.
    expect(first.out.match(/\d x\b/g)).toBeNull()
    expect(first.err).toMatch(/decoding, \d+ of \d+ texts(, \d+\.\d tokens\/s)?, \d+ s/)
  })

  it('leaves a folder that its schema accepts: every decoding, every cell, whole traces', async () => {
    const folder = new RunFolder(await onlyRun(runs))
    const manifest = await folder.manifest()
    expect(manifest.variants.map(({ id }) => id)).toEqual([
      'autoregressive',
      'strict-gamma2',
      'strict-gamma4',
      'adaptive',
      'random',
    ])
    const decodings = await Promise.all(manifest.decodings.map(({ id }) => folder.readDecoding(id)))
    expect(decodings.every((decoding) => decoding?.items.length === 3)).toBe(true)
    const cells = await folder.readCells(manifest.cells)
    expect(cells.map(({ cell }) => cell)).toEqual(manifest.cells)
    expect(cells.every(({ items }) => items.every(({ totalMs }) => totalMs > 0))).toBe(true)
    expect(await readdir(folder.path)).not.toContain('run.lock')
  })

  it('gives the random control the share of mismatches that its model relaxed', async () => {
    const folder = new RunFolder(await onlyRun(runs))
    const { decodings } = await folder.manifest()
    const read = async (variant: string) => {
      const results = await Promise.all(
        decodings.filter((one) => one.variant === variant).map(({ id }) => folder.readDecoding(id)),
      )
      return results.flatMap((result) => (result === undefined ? [] : [result]))
    }
    const items = (await read('adaptive')).flatMap((result) => result.items)
    const relaxed = items.reduce((sum, item) => sum + item.relaxed, 0)
    const mismatches = items.reduce((sum, item) => sum + item.mismatches, 0)
    expect(mismatches).toBeGreaterThan(0)
    for (const { accept } of await read('random')) {
      expect(accept).toEqual({ name: 'random-relaxation', rate: relaxed / mismatches })
    }
  })

  it(
    'given again, does nothing and says the same',
    async () => {
      const folder = await onlyRun(runs)
      const times = async (): Promise<string[]> => {
        const names = await readdir(folder, { recursive: true })
        return Promise.all(names.map(async (name) => `${name} ${(await stat(join(folder, name))).mtimeMs}`))
      }
      const before = await times()
      const again = await exp(['run', 'study.ts', '--no-report'], { cwd, env })
      expect(again.code).toBe(0)
      expect(again.out).toBe(first.out)
      // The lock comes and goes, which touches the folder and nothing in it.
      expect(await times()).toEqual(before)
    },
    patience,
  )
})

describe('a run that is cut short goes on where it was, to the same bytes', () => {
  it.each([
    ['Ctrl-C', 'SIGINT', 130],
    ['a kill', 'SIGKILL', null],
  ] as const)(
    '%s',
    async (_, signal, code) => {
      const elsewhere = place.newRuns()
      const options = { cwd, env: { DSD_RUNS: elsewhere } }
      const running = startExp(['run', 'study.ts', '--no-report', '--jobs', '1'], options)
      await textsFinished(elsewhere, 2)
      running.child.kill(signal)
      const cut = await running.outcome
      expect(cut.code).toBe(code)
      if (signal === 'SIGINT')
        expect(cut.err.trim().split('\n').at(-1)).toBe(
          'interrupted; finished work is kept: the same command goes on from here',
        )
      expect(await readdir(await onlyRun(elsewhere))).not.toContain('summary.json')
      expect((await exp(['list', '--json'], options)).out).toContain('"unfinished"')

      const resumed = await exp(['run', 'study.ts', '--no-report', '--jobs', '1'], options)
      expect(resumed.code).toBe(0)
      expect(await summaryBytes(elsewhere)).toBe(await summaryBytes(runs))
      // What was finished before the cut was not decoded again.
      const passes = join(await onlyRun(elsewhere), 'passes')
      for (const file of await readdir(passes)) {
        const items = (await readFile(join(passes, file), 'utf8'))
          .trimEnd()
          .split('\n')
          .map((line) => z.object({ item: z.string() }).parse(JSON.parse(line)).item)
        expect(new Set(items).size).toBe(items.length)
      }
    },
    patience,
  )
})

describe('reading a run', () => {
  it(
    'show, list and compare, for people and as JSON',
    async () => {
      const copy = join(place.newRuns(), 'copy')
      await cp(await onlyRun(runs), copy, { recursive: true })
      const [shown, json, listed, compared, itself] = await Promise.all([
        exp(['show', 'study'], { cwd, env }),
        exp(['show', 'latest', '--json'], { cwd, env }),
        exp(['list'], { cwd, env }),
        exp(['compare', 'latest', copy], { cwd, env }),
        exp(['compare', 'latest', 'study'], { cwd, env }),
      ])
      expect(first.out).toContain(shown.out.trim())
      expect(JSON.parse(json.out)).toEqual(JSON.parse(await summaryBytes(runs)))
      expect(listed.out).toMatch(/study-[0-9a-f]{8} .* complete .* A small study/)
      // A row a variant, by its label; networks side by side.
      expect(compared.out.match(/strict, gamma 4 +0\.0 \[.*\]( +1\.00 \[1\.00, 1\.00\] x){2}\n/g)).toHaveLength(1)
      expect(itself).toMatchObject({ code: 2, err: expect.stringContaining('both names are the same run') })
    },
    patience,
  )

  it(
    'exports the same table as csv, jsonl and parquet',
    async () => {
      const file = join(cwd, 'items.parquet')
      const [csv, jsonl, parquet] = await Promise.all([
        exp(['export', 'latest'], { cwd, env }),
        exp(['export', 'latest', '--format', 'jsonl'], { cwd, env }),
        exp(['export', 'latest', '--format', 'parquet', '--out', file], { cwd, env }),
      ])
      expect([csv.code, jsonl.code, parquet.code]).toEqual([0, 0, 0])
      const rows = jsonl.out
        .trimEnd()
        .split('\n')
        .map((line) => z.record(z.string(), z.unknown()).parse(JSON.parse(line)))
      const [head = '', ...lines] = csv.out.trimEnd().split('\r\n')
      expect(lines).toHaveLength(rows.length)
      expect(head.split(',')).toEqual(Object.keys(rows[0] ?? {}))
      const { buffer } = new Uint8Array(await readFile(file))
      const columns = await parquetReadObjects({ file: buffer })
      expect(
        columns.map((row) =>
          JSON.parse(JSON.stringify(row, (_, value) => (typeof value === 'bigint' ? Number(value) : value))),
        ),
      ).toEqual(rows)
    },
    patience,
  )

  it(
    'exports the rounds of a cell as a timeline whose pieces add up to the time of the cell',
    async () => {
      const { code, out, err } = await exp(['export', 'latest', '--format', 'perfetto'], { cwd, env })
      expect(code).toBe(0)
      expect(err).toMatch(/^cell \S+: strict, gamma 2, word-problems, 2 nodes, 5 ms, seed 1\n$/)
      const piece = z.object({ ph: z.string(), pid: z.number(), ts: z.number().optional(), dur: z.number().optional() })
      const { traceEvents } = z.object({ traceEvents: z.array(piece) }).parse(JSON.parse(out))
      const folder = new RunFolder(await onlyRun(runs))
      const { cells } = await folder.manifest()
      const [cell] = await folder.readCells(cells.filter(({ variant }) => variant === 'strict-gamma2'))
      for (const [index, item] of (cell?.items ?? []).entries()) {
        const ends = traceEvents.flatMap(({ ph, pid, ts = 0, dur = 0 }) =>
          ph === 'X' && pid === index + 1 ? [ts + dur] : [],
        )
        expect(Math.max(...ends) / 1000).toBeCloseTo(item.totalMs, 2)
      }
    },
    patience,
  )

  it(
    'doctor and models say what is here',
    async () => {
      const [doctor, models] = await Promise.all([
        exp(['doctor', '--json'], { cwd, env }),
        exp(['models', '--json'], { cwd, env }),
      ])
      const findings = z.array(z.object({ what: z.string(), present: z.boolean() })).parse(JSON.parse(doctor.out))
      for (const what of ['engine tfjs-wasm', 'bundled:lab-target', 'runs']) {
        expect(findings).toContainEqual(expect.objectContaining({ what, present: true }))
      }
      expect(models.out).toContain('"bundled:lab-draft"')
    },
    patience,
  )
})

describe("a study of one's own", () => {
  it(
    'exp init writes one that runs',
    async () => {
      const made = await exp(['init', 'my-study'], { cwd, env })
      expect(made.code).toBe(0)
      const file = join(cwd, 'my-study.ts')
      await writeStudy(
        cwd,
        'my-study.ts',
        (await readFile(file, 'utf8')).replace('limit: 10', 'limit: 2, maxTokens: 8'),
      )
      const run = await exp(['run', 'my-study', '--no-report', '--jobs', '1'], { cwd, env })
      expect(run.code).toBe(0)
      expect(run.out).toContain('adaptive')
      expect((await exp(['init', 'my-study'], { cwd, env })).err).toContain('exists already; choose another name')
    },
    patience,
  )
})
