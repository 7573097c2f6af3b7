import { writeFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { breakModels } from './broken-models.ts'
import { type ExpOptions, exp, studySource, workplace } from './exp-process.ts'

const place = workplace()
const cwd = place.folder
const patience = 300_000
const broken = breakModels(cwd)
afterAll(() => place[Symbol.dispose]())

/** A wrong experiment file, or a wrong command line, and what is said about it. */
interface MistakeCase {
  readonly mistake: string
  readonly words: readonly string[]
  /** The whole line on the standard error. */
  readonly line: RegExp
  readonly code: 1 | 2
  readonly options?: Partial<ExpOptions>
}

let written = 0
function study(changes: Readonly<Record<string, string>>, source = studySource(changes)): readonly string[] {
  const name = `mistake-${written++}.ts`
  writeFileSync(join(cwd, name), source)
  return ['run', name, '--no-report']
}

const cluster = (change: string): Record<string, string> => ({
  cluster: `{ nodes: 2, compute: { baseMs: 10, perRowMs: 0.4 }, link: { latencyMs: 5 }, ${change} }`,
})

const models = (target: string, draft: string): Record<string, string> => ({
  models: JSON.stringify({ target, draft }),
})
const strictArm = (accept: string): Record<string, string> => ({
  arms: `{ strict: { decode: 'speculative', gamma: 4, accept: ${accept} } }`,
})
const shim = "data:text/javascript,Object.defineProperty(process.versions,'node',{value:'18.12.0'})"

const cases: readonly MistakeCase[] = [
  {
    mistake: 'a typo in the name of an arm',
    words: study({ baseline: "'strct'" }),
    line: /^baseline: no arm is called "strct"; did you mean strict\?$/,
    code: 2,
  },
  {
    mistake: 'a typo in the name of a rule',
    words: study({}, studySource(strictArm('marginNat()'), "import { marginNat } from '@dsd-lab/experiments'")),
    line: /^mistake-\d+\.ts: @dsd-lab\/experiments has no marginNat; did you mean marginNats\?$/,
    code: 2,
  },
  {
    mistake: 'a typo in a parameter of a rule',
    words: study({}, studySource(strictArm("{ name: 'top-k-gap', bta: 2 }"))),
    line: /^arms\.strict\.accept\.bta: unknown parameter; use beta$/,
    code: 2,
  },
  {
    mistake: 'no node',
    words: study(cluster('nodes: 0')),
    line: /^cluster\.nodes: 0 is below 1; choose at least 1 node$/,
    code: 2,
  },
  {
    mistake: 'more nodes than layers',
    words: study(cluster('nodes: sweep([2, 16])')),
    line: /^cluster\.nodes: 16 nodes for the 8 layers of bundled:lab-target; choose at most 8/,
    code: 2,
  },
  {
    mistake: 'a latency below zero',
    words: study(cluster('link: { latencyMs: -5 }')),
    line: /^cluster\.link\.latencyMs: .*below zero; /,
    code: 2,
  },
  {
    mistake: 'nodes that cannot hold the model',
    words: study(cluster('nodes: [{ memoryMb: 94 }, { memoryMb: 92 }]')),
    line: /^cluster\.nodes: 8 layers of up to 0\.8 MB do not fit: node 0: 94 - 90 \(process\) - 1 \(embedding\) = \d layers; node 1: .* = \d layers; give nodes more memoryMb/,
    code: 2,
  },
  {
    mistake: 'a link that nobody named',
    words: study(cluster("link: 'transatlantic'")),
    line: /^cluster\.link: no link profile is called "transatlantic"; .*intercontinental/,
    code: 2,
  },
  {
    mistake: 'a model folder that is not there',
    words: study(models('./no-such-model', 'bundled:lab-draft')),
    line: /^models\.target: .*no-such-model.*; /,
    code: 2,
  },
  {
    mistake: 'a draft model with another tokenizer',
    words: study(models('bundled:lab-target', broken.otherTokens)),
    line: /^models\.draft: target and draft have different tokenizers: token \d+ is .* for the target and .* for the draft; /,
    code: 2,
  },
  {
    mistake: 'a truncated weight file',
    words: study(models(broken.truncated, 'bundled:lab-draft')),
    line: /^models\.target: .*model\.safetensors.*; /,
    code: 2,
  },
  {
    mistake: 'a model that has not been pulled',
    words: study(models('qwen2.5-coder-1.5b', 'bundled:lab-draft')),
    line: /^models\.target: .*is not on this machine yet; exp models pull qwen2\.5-coder-1\.5b$/,
    code: 2,
    options: { env: { DSD_RUNS: cwd, DSD_CACHE: cwd, HF_HUB_CACHE: cwd } },
  },
  {
    mistake: 'an architecture that is not known',
    words: study(models(broken.strange, 'bundled:lab-draft')),
    line: /^models\.target: .*mamba.*/i,
    code: 2,
  },
  {
    mistake: 'a rule that nobody registered',
    words: study(strictArm("{ name: 'stritc' }")),
    line: /^arms\.strict\.accept: unknown acceptance rule "stritc"; .*strict/,
    code: 2,
  },
  {
    mistake: 'a parameter out of its range',
    words: study(strictArm('dsdAdaptive({ tau: sweep([0.2, 1.4]) })')),
    line: /^arms\.strict\.accept\.tau: 1\.4 is .*; .*1/,
    code: 2,
  },
  {
    mistake: 'a task that does not exist',
    words: study({ tasks: "[task('word-problem')]" }),
    line: /^tasks\[0\]: .*"word-problem".*word-problems/,
    code: 2,
  },
  {
    mistake: 'a precision that nobody knows',
    words: study({ models: "{ target: 'bundled:lab-target', draft: 'bundled:lab-draft', draftPrecision: 'q4-al' }" }),
    line: /^models\.draftPrecision: no precision is called q4-al; did you mean q4-all\?$/,
    code: 2,
  },
  {
    mistake: 'a precision that the engine has not',
    words: study({ models: "{ target: 'bundled:lab-target', draft: 'bundled:lab-draft', draftPrecision: 'q8' }" }),
    line: /^models\.draftPrecision: engine tfjs-\w+ has f32 only; choose engine: 'onnx', or leave it out$/,
    code: 2,
  },
  {
    mistake: 'an engine that does not exist',
    words: study({ models: "{ target: 'bundled:lab-target', draft: 'bundled:lab-draft', engine: 'tfjs-wsm' }" }),
    line: /^models\.engine: no engine is called tfjs-wsm; did you mean tfjs-wasm\?$/,
    code: 2,
  },
  {
    mistake: 'a file that is not TypeScript',
    words: study({}, 'export default experiment({ title: '),
    line: /^mistake-\d+\.ts: line 1, column \d+: .*; mend the syntax$/,
    code: 2,
  },
  {
    mistake: 'a file without an experiment',
    words: study({}, 'export const answer = 42'),
    line: /^mistake-\d+\.ts: has no default export; write export default experiment/,
    code: 2,
  },
  {
    mistake: 'an import that cannot be found',
    words: study({}, "import 'no-such-package'\nexport default 1"),
    line: /^mistake-\d+\.ts: cannot find no-such-package; check the import/,
    code: 2,
  },
  {
    mistake: 'a file that does not exist',
    words: ['run', 'ablation-adaptve.ts'],
    line: /^ablation-adaptve\.ts: there is no such file.*; did you mean ablation-adaptive\.ts\?$/,
    code: 2,
  },
  {
    mistake: 'an option that does not exist',
    words: ['run', 'x.ts', '--job', '2'],
    line: /^unknown option '--job'/,
    code: 2,
  },
  { mistake: 'no worker', words: ['run', 'x.ts', '--jobs', '0'], line: /'0' is invalid.*at least 1/, code: 2 },
  { mistake: 'a command that does not exist', words: ['rnu'], line: /^unknown command 'rnu'/, code: 2 },
  {
    mistake: 'a run that does not exist',
    words: ['show', 'ablation'],
    line: /no run is called ablation; make one with exp run$/,
    code: 2,
  },
  {
    mistake: 'a Node that is too old',
    words: ['list'],
    line: /^Node 18\.12\.0 is too old; install Node 20\.19 or later/,
    code: 1,
    options: { node: ['--import', shim] },
  },
  {
    mistake: 'a file in place of the folder of runs',
    words: study({}),
    line: /there is a file where a folder is needed; choose another folder with --runs$/,
    code: 1,
    options: { env: { DSD_RUNS: join(broken.otherTokens, 'config.json') } },
  },
]

describe('one clear line, the right exit code, no stack', () => {
  const empty = place.newRuns()

  it.concurrent.each(cases)(
    '$mistake',
    async ({ words, line, code, options }) => {
      const outcome = await exp(words, { cwd, env: { DSD_RUNS: empty }, ...options })
      expect(outcome.err.trimEnd().split('\n')).toHaveLength(1)
      expect(outcome.err.trimEnd()).toMatch(line)
      expect(outcome.code).toBe(code)
      expect(outcome.out).toBe('')
    },
    patience,
  )

  it(
    'with --debug the stack comes before the line',
    async () => {
      const outcome = await exp([...study({ baseline: "'strct'" }), '--debug'], { cwd, env: { DSD_RUNS: empty } })
      expect(outcome.err).toMatch(/\n +at .*\n.*baseline: no arm is called "strct"/s)
      expect(outcome.code).toBe(2)
    },
    patience,
  )

  it('and nothing was begun', async () => {
    expect(await readdir(empty)).toEqual([])
  })
})
