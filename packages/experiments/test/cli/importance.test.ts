import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { appendFile, readdir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fittedScorerSchema } from '@dsd-lab/acceptance'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ImportanceFolder } from '../../src/importance/importance-folder.ts'
import { oracleTable } from '../../src/index.ts'
import { exp, type Outcome, startExp, studySource, tasks, workplace, writeStudy } from './exp-process.ts'

const place = workplace()
const { folder: cwd, study } = place
const patience = 300_000
afterAll(() => place[Symbol.dispose]())

describe('a measurement', () => {
  const runs = place.newRuns()
  const words = ['importance', 'small.ts', '--effect', '1', '--jobs', '1']
  const env = { DSD_RUNS: runs }
  let outcome: Outcome
  let folder = ''

  beforeAll(async () => {
    await writeStudy(cwd, 'small.ts', studySource(tasks("task('programs', { limit: 2 })")))
    outcome = await exp(words, { cwd, env })
    folder = join(runs, (await readdir(runs))[0] ?? '')
  }, patience)

  it('ends with its tables and the path of its folder', () => {
    expect(outcome).toMatchObject({ code: 0 })
    for (const text of [
      'agreement %',
      "draft model's token at a mismatch",
      'important mismatches by class',
      'important mismatches by place',
      'how well a signal ranks mismatches',
      'low entropy must not be changed',
      'forks steer the text',
      'effect sizes: 1 flips',
      `measurement: ${folder}`,
    ]) {
      expect(outcome.out).toContain(text)
    }
  })

  it('is shown again, and the same command prints the same and leaves the same bytes', async () => {
    const shown = await exp(['show', folder], { cwd, env })
    expect(outcome.out).toContain(shown.out.trimEnd())
    const files = (): Promise<unknown> => new ImportanceFolder(folder).texts()
    const before = await files()
    expect((await exp(words, { cwd, env })).out).toBe(outcome.out)
    expect(await files()).toEqual(before)
  })

  it('is kept as evidence: shown the same from there, and refused when it was edited', async () => {
    const evidence = join(place.newRuns(), 'evidence')
    const kept = { cwd, env: { DSD_RUNS: place.newRuns(), DSD_EVIDENCE: evidence } }
    const added = await exp(['evidence', 'add', folder], kept)
    expect(added).toMatchObject({ code: 0, err: '' })
    const id = basename(folder)
    expect((await exp(['evidence', 'list'], kept)).out).toMatch(new RegExp(`^small\\.ts +${id} +programs 2 `, 'm'))
    const shown = await exp(['show', id], kept)
    const withoutPath = (out: string): string => out.replace(/^measurement: .*$/m, '')
    expect(withoutPath(shown.out)).toBe(withoutPath((await exp(['show', folder], { cwd, env })).out))
    const again = await exp(['show', 'importance-small'], kept)
    expect(again.out).toBe(shown.out)
    expect((await exp(['show', join(evidence, id)], kept)).out).toBe(shown.out)
    await appendFile(join(evidence, id, 'labels.jsonl.br'), 'x')
    for (const words of [['evidence', 'list'], ['claims']]) {
      const refused = await exp(words, kept)
      expect(refused.code).toBe(1)
      expect(refused.err.trim()).toMatch(
        new RegExp(`^evidence/${id}/labels\\.jsonl\\.br: digest mismatch: .*; restore it from version control`),
      )
    }
  })

  it('that is asked for more and cut short stands as it was', async () => {
    const before = await exp(['show', folder], { cwd, env })
    await writeStudy(cwd, 'small.ts', studySource(tasks("task('programs', { limit: 3 })")))
    const work = new ImportanceFolder(folder).workFile
    const { size } = await stat(work)
    const { child, outcome: ended } = startExp(words, { cwd, env })
    await expect.poll(async () => (await stat(work)).size, { timeout: patience, interval: 20 }).toBeGreaterThan(size)
    child.kill('SIGINT')
    expect((await ended).code).toBe(130)
    expect(await exp(['show', folder], { cwd, env })).toEqual(before)
  })

  it.each(['independent', 'semi-greedy'] as const)('has labels of %s flips that an oracle can read', async (flips) => {
    const labels = (await new ImportanceFolder(folder).labels()).filter(({ kind }) => kind === flips)
    const table = await oracleTable({ folder, task: 'programs', flips })
    const positions = Object.values(table).flatMap(({ important, unimportant }) => [...important, ...unimportant])
    expect(positions).toHaveLength(labels.length)
    expect(labels.length).toBeGreaterThan(0)
    for (const { sequence, position, important } of labels) {
      expect(table[sequence]?.[important ? 'important' : 'unimportant']).toContain(position)
    }
  })

  it('gives no labels of another task or target', async () => {
    await expect(oracleTable({ folder, task: 'gsm8k' })).rejects.toThrow('it has no labels of gsm8k')
    await expect(oracleTable({ folder, task: 'programs', targetDigest: 'other' })).rejects.toThrow('not of this target')
  })
})

interface MistakeCase {
  readonly mistake: string
  readonly words: readonly string[]
  /** The whole line on the standard error. */
  readonly line: RegExp
}

const shipped = new URL('../../../acceptance/data/lab-pair.scorer.json', import.meta.url)
const scorer = (): ReturnType<typeof fittedScorerSchema.parse> =>
  fittedScorerSchema.parse(JSON.parse(readFileSync(shipped, 'utf8')))
const adaptive = (value: string): string =>
  study({ arms: `{ strict: { decode: 'speculative', gamma: 4, accept: dsdAdaptive({ scorer: ${value} }) } }` })
const scorerFile = (name: string, content: unknown): string => {
  writeFileSync(join(cwd, name), JSON.stringify(content))
  return `'./${name}'`
}

const cases: readonly MistakeCase[] = [
  {
    mistake: 'an experiment that is not there',
    words: ['importance', 'ablation-adptive'],
    line: /^ablation-adptive: there is no such file, here or in the catalogue; did you mean ablation-adaptive\.ts\?$/,
  },
  {
    mistake: 'a task that the experiment has not',
    words: ['importance', study({}), '--task', 'word-problem'],
    line: /^--task: the experiment has no task word-problem; did you mean word-problems\?$/,
  },
  {
    mistake: 'no draft model',
    words: [
      'importance',
      study({
        models: "{ target: 'bundled:lab-target' }",
        arms: "{ plain: { decode: 'autoregressive' } }",
        baseline: "'plain'",
      }),
    ],
    line: /^models\.draft: no draft model to take tokens from; name one/,
  },
  {
    mistake: 'prompt lookup for a draft model',
    words: ['importance', study({ models: "{ target: 'bundled:lab-target', draft: promptLookup() }" })],
    line: /^models\.draft: no draft model to take tokens from; .*prompt lookup/,
  },
  {
    mistake: 'one item',
    words: ['importance', study({}), '--limit', '1'],
    line: /whole number of at least 2/,
  },
  {
    mistake: 'a sample that is no number',
    words: ['importance', study({}), '--effect', 'many'],
    line: /'--effect <count>' argument 'many' is invalid. give a whole number of at least 0/,
  },
  {
    mistake: 'a scorer of other models',
    words: [
      'run',
      adaptive(
        scorerFile('other.json', {
          ...scorer(),
          provenance: { ...scorer().provenance, target: { ref: 'llama', digest: 'abcdef0123' } },
        }),
      ),
    ],
    line: /^arms\.strict\.accept\.scorer: fitted to a target of llama \(abcdef01\), not of bundled:lab-target \([0-9a-f]{8}\); fit one/,
  },
  {
    mistake: 'a scorer of another draft model',
    words: [
      'run',
      adaptive(
        scorerFile('drafts.json', {
          ...scorer(),
          provenance: { ...scorer().provenance, draft: { ref: 'tiny', digest: '99' } },
        }),
      ),
    ],
    line: /^arms\.strict\.accept\.scorer: fitted to drafts of tiny \(99\), not of bundled:lab-draft/,
  },
  {
    mistake: 'a scorer that is not there',
    words: ['run', adaptive("'./none.json'")],
    line: /^arms\.strict\.accept\.scorer: cannot read \.\/none\.json; give 'fitted', or the path/,
  },
  {
    mistake: 'a file that is no scorer',
    words: ['run', adaptive(scorerFile('future.json', { ...scorer(), version: 7 }))],
    line: /^arms\.strict\.accept\.scorer: \.\/future\.json: is no fitted scorer; its version is 7, not 1; make one with exp importance$/,
  },
  {
    mistake: 'a measurement that is not finished',
    words: ['show', 'importance-unfinished'],
    line: /importance-unfinished-1: the measurement is not finished; finish it with the same exp importance command$/,
  },
]

describe('one clear line, and no stack, for', () => {
  it.each(cases)(
    '$mistake',
    async ({ words, line }) => {
      const runs = place.newRuns()
      mkdirSync(join(runs, 'importance-unfinished-1'))
      writeFileSync(join(runs, 'importance-unfinished-1', 'manifest.json'), JSON.stringify(unfinished()))
      const { code, out, err } = await exp(words, { cwd, env: { DSD_RUNS: runs } })
      expect(err.trimEnd()).toMatch(line)
      expect(err.trimEnd()).not.toContain('\n')
      expect({ code, out }).toEqual({ code: 2, out: '' })
    },
    patience,
  )

  it(
    'a task that has no right answers',
    async () => {
      const cache = place.newRuns()
      const file = join(cwd, 'questions.jsonl')
      const question = (id: number) =>
        JSON.stringify({ question_id: id, category: 'writing', turns: ['Write.', 'Again.'] })
      writeFileSync(file, `${[81, 82].map(question).join('\n')}\n`)
      const env = { DSD_CACHE: cache, DSD_RUNS: place.newRuns() }
      expect(await exp(['data', 'add', 'mt-bench', file, '--unpinned'], { cwd, env })).toMatchObject({ code: 0 })
      const { code, err } = await exp(['importance', study(tasks("task('mt-bench')"))], { cwd, env })
      expect(err.trimEnd()).toMatch(
        /^tasks: mt-bench has no right answers, so no flip can cost one; choose a graded task/,
      )
      expect(code).toBe(2)
    },
    patience,
  )
})

function unfinished() {
  const model = { ref: 'm', digest: 'd', parameters: 1, layers: 1, bytes: 1 }
  return {
    kind: 'importance',
    schema: 1,
    id: 'importance-unfinished-1',
    title: 't',
    createdAt: '2026-01-01T00:00:00Z',
    file: 'f.ts',
    models: { target: model, draft: model },
    engine: { name: 'e', version: '1' },
    code: 'c',
    tasks: [],
    settings: { lengthCap: 1.5, controls: 1, walkEvery: 3, effects: 0, rollouts: 12, temperature: 0.7 },
  }
}
