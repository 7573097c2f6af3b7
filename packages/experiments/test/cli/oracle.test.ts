import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findMeasurement } from '../../src/importance/find-measurement.ts'
import { ImportanceFolder } from '../../src/importance/importance-folder.ts'
import { labelsOf } from '../../src/importance/measured-labels.ts'
import { shippedLabels } from '../../src/importance/shipped-labels.ts'
import { findRuns } from '../../src/store/runs-folder.ts'
import { exp, tasks, workplace } from './exp-process.ts'

const place = workplace()
const { folder: cwd, study } = place
const patience = 300_000
afterAll(() => place[Symbol.dispose]())

/** Strict decoding beside a rule that knows. */
const knowing = (labels: string, gamma = '4'): string => `{
  strict: { decode: 'speculative', gamma: 4, accept: strict() },
  oracle: { decode: 'speculative', gamma: ${gamma}, accept: oracle({ labels: ${labels} }) },
}`

describe('an oracle', () => {
  const runs = place.newRuns()
  const env = { DSD_RUNS: runs }
  const file = study({ ...tasks("task('programs', { limit: 3 })"), arms: knowing("'measured'"), seeds: '[1]' })
  let folder = ''

  beforeAll(async () => {
    await exp(['importance', file, '--effect', '0', '--controls', '0', '--jobs', '1'], { cwd, env })
    const [name] = await readdir(runs)
    folder = join(runs, name ?? '')
  }, patience)

  it(
    'keeps just the harmless mismatches of a right answer, which stays right',
    async () => {
      const { code, err } = await exp(['run', file, '--no-report', '--jobs', '1'], { cwd, env })
      expect({ code, err }).toMatchObject({ code: 0 })
      const [run] = await findRuns(runs)
      const decoding = run?.manifest.decodings.find(({ variant }) => variant === 'oracle')
      const result = decoding && (await run?.folder.readDecoding(decoding.id))
      const labels = (await new ImportanceFolder(folder).labels()).filter(({ kind }) => kind === 'semi-greedy')
      const walked = new Set(labels.map(({ item }) => item))
      expect(walked.size).toBeGreaterThan(1)
      for (const name of walked) {
        const own = labels.filter(({ item }) => item === name)
        expect(result?.items.find(({ item }) => item === name)).toMatchObject({
          correct: true,
          mismatches: own.length,
          relaxed: own.filter(({ important }) => !important).length,
        })
      }
    },
    patience,
  )

  it.each([
    [
      'another task',
      tasks("task('word-problems', { limit: 2 })"),
      /^arms\.oracle\.accept\.labels: .* has no finished measurement of word-problems for this oracle; measure/,
    ],
    [
      'another length of answers',
      tasks("task('programs', { limit: 2, maxTokens: 9 })"),
      /^arms\.oracle\.accept\.labels: \S+ allowed answers of 160 tokens, not 9; measure/,
    ],
    [
      'other items',
      tasks("task('programs', { limit: 2, seed: 5 })"),
      /^arms\.oracle\.accept\.labels: \S+ measured 0 of these 2 items; measure/,
    ],
    [
      'more items',
      tasks("task('programs', { limit: 5 })"),
      /^arms\.oracle\.accept\.labels: \S+ measured 3 of these 5 items; measure/,
    ],
    [
      'another window',
      { ...tasks("task('programs')"), gamma: '5' },
      /^arms\.oracle\.accept\.labels: \S+ walked windows of 4, not of 5; measure/,
    ],
    [
      'two windows',
      { ...tasks("task('programs')"), gamma: 'sweep([2, 4])' },
      /^arms\.oracle\.gamma: labels hold for one window, not for 2, 4; give one number$/,
    ],
    [
      'two tasks',
      tasks("task('programs'), task('word-problems')"),
      /^arms\.oracle\.accept\.labels: labels belong to one task, and the experiment has 2; keep one task$/,
    ],
    [
      'other draft tokens',
      { models: "{ target: 'bundled:lab-target', draft: promptLookup() }", ...tasks("task('programs')") },
      /^arms\.oracle\.accept\.labels: \S+ took tokens of bundled:lab-draft \(\w+\), not of this draft model; measure/,
    ],
  ])(
    'is refused for %s',
    async (what, { gamma, ...changes }: Record<string, string>, line) => {
      const named = what === 'another task' ? "'measured'" : JSON.stringify(folder)
      const { code, err } = await exp(['run', study({ ...changes, arms: knowing(named, gamma) })], { cwd, env })
      expect(err.trimEnd()).toMatch(line)
      expect(err.trimEnd()).not.toContain('\n')
      expect(code).toBe(2)
    },
    patience,
  )
})

describe('the labels that ship', () => {
  const on = (engine: string): Record<string, string> => ({
    models: `{ target: 'bundled:lab-target', draft: 'bundled:lab-draft', engine: '${engine}' }`,
    ...tasks("task('word-problems', { limit: 3, maxTokens: 120 })"),
    cluster: '{ nodes: 2, compute: { baseMs: 10, perRowMs: 0.4 }, link: { latencyMs: 5 } }',
    arms: `{
      strict: { decode: 'speculative', gamma: 8, accept: strict() },
      oracle: { decode: 'speculative', gamma: 8, accept: oracle({ labels: 'measured' }) },
    }`,
    seeds: '[1]',
  })
  const file = study(on('tfjs-wasm'))

  it(
    'serve an oracle where nothing was measured, and are those that a measurement gives',
    async () => {
      const runs = place.newRuns()
      const env = { DSD_RUNS: runs }
      const { code, err } = await exp(['run', file, '--no-report', '--jobs', '1'], { cwd, env })
      expect({ code, err }).toMatchObject({ code: 0 })
      const [run] = await findRuns(runs)
      const decoding = run?.manifest.decodings.find(({ variant }) => variant === 'oracle')
      const decoded = (decoding && (await run?.folder.readDecoding(decoding.id)))?.items ?? []
      await exp(['importance', file, '--effect', '0', '--controls', '0', '--jobs', '1'], { cwd, env })
      const found = await findMeasurement(runs, 'importance-')
      const measured = found && (await labelsOf(found).texts('word-problems'))
      const [frontier] = shippedLabels()
      const shipped = await frontier?.texts('word-problems')
      expect(decoded).toHaveLength(3)
      for (const { item, relaxed } of decoded) {
        expect(shipped?.get(item)).toEqual(measured?.get(item))
        expect(relaxed).toBe(shipped?.get(item)?.unimportant.length)
      }
      expect(decoded.some(({ relaxed }) => relaxed > 0)).toBe(true)
    },
    patience,
  )

  it('are of one engine, and another one is told which', async () => {
    const { code, err } = await exp(['run', study(on('tfjs-cpu'))], { cwd, env: { DSD_RUNS: place.newRuns() } })
    expect(err.trimEnd()).toBe(
      "arms.oracle.accept.labels: the labels that ship were made on tfjs-wasm, not on tfjs-cpu; give models.engine: 'tfjs-wasm', or measure this experiment with exp importance",
    )
    expect(code).toBe(2)
  })
})
