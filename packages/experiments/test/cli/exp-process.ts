import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))
const repository = fileURLToPath(new URL('../../../../', import.meta.url))

export interface Outcome {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly out: string
  readonly err: string
}

export interface ExpOptions {
  readonly cwd: string
  readonly env?: Readonly<Record<string, string>>
  /** Options of Node before the script, after the TypeScript loader. */
  readonly node?: readonly string[]
  /** A command line that the words are appended to, instead of `exp`. */
  readonly command?: readonly [string, ...string[]]
}

export interface RunningExp {
  readonly child: ChildProcess
  readonly outcome: Promise<Outcome>
}

/** Starts the command as a user would, from source. */
export function startExp(words: readonly string[], { cwd, env = {}, node = [], command }: ExpOptions): RunningExp {
  const [program, ...before] = command ?? [process.execPath, '--import', import.meta.resolve('tsx'), ...node, main]
  const { INIT_CWD: _, DSD_RUNS: __, DSD_ENGINE: ___, ...inherited } = process.env
  const child = spawn(program, [...before, ...words], {
    cwd,
    env: { ...inherited, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let out = ''
  let err = ''
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk
  })
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk
  })
  const outcome = new Promise<Outcome>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => resolve({ code, signal, out, err }))
  })
  return { child, outcome }
}

export function exp(words: readonly string[], options: ExpOptions): Promise<Outcome> {
  return startExp(words, options).outcome
}

export interface Workplace extends Disposable {
  /** Holds experiment files; inside the repository, so that they find its packages. */
  readonly folder: string
  /** An empty folder for runs. */
  newRuns(): string
  /** Writes a small experiment with these changes and a name of its own; says which. */
  study(changes: Readonly<Record<string, string>>): string
}

export function workplace(): Workplace {
  const cache = join(repository, '.cache')
  mkdirSync(cache, { recursive: true })
  const folder = mkdtempSync(join(cache, 'exp-test-'))
  const made: string[] = []
  let studies = 0
  return {
    folder,
    study(changes) {
      const name = `study-${studies++}.ts`
      writeFileSync(join(folder, name), studySource(changes))
      return name
    },
    newRuns() {
      const runs = mkdtempSync(join(tmpdir(), 'dsd-runs-'))
      made.push(runs)
      return runs
    },
    [Symbol.dispose]() {
      for (const path of [folder, ...made]) rmSync(path, { recursive: true, force: true })
    },
  }
}

/** A small experiment as source text; `changes` replace whole fields. */
export function studySource(changes: Readonly<Record<string, string>> = {}, head = ''): string {
  const fields = {
    title: "'A small study'",
    models: "{ target: 'bundled:lab-target', draft: 'bundled:lab-draft' }",
    tasks: "[task('word-problems', { limit: 3, maxTokens: 16 })]",
    cluster:
      '{ nodes: sweep([2, 4]), compute: { baseMs: 10, perRowMs: 0.4 }, link: { latencyMs: 5, jitterMs: 1, bandwidthMbps: 200 } }',
    arms: `{
      autoregressive: { decode: 'autoregressive' },
      strict: { decode: 'speculative', gamma: sweep([2, 4]), accept: strict() },
      adaptive: { decode: 'speculative', gamma: 4, accept: dsdAdaptive({ tau: 0.4 }) },
      random: { decode: 'speculative', gamma: 4, accept: randomRelaxation({ matchRateOf: 'adaptive' }) },
    }`,
    baseline: "'strict'",
    seeds: '[1, 2]',
    ...changes,
  }
  const body = Object.entries(fields).map(([name, value]) => `  ${name}: ${value},`)
  return `import { dsdAdaptive, experiment, oracle, promptLookup, randomRelaxation, strict, sweep, sweepableRule, task } from '@dsd-lab/experiments'
${head}
// @ts-nocheck
export default experiment({
${body.join('\n')}
})
`
}

/** The field `tasks` of a study. */
export const tasks = (list: string): Readonly<Record<string, string>> => ({ tasks: `[${list}]` })

export async function writeStudy(folder: string, name: string, source: string): Promise<string> {
  const file = join(folder, name)
  await writeFile(file, source)
  return file
}

/** Waits until a run has finished so many texts, counted in its checkpoints. */
export async function textsFinished(runs: string, count: number): Promise<void> {
  for (let waited = 0; waited < 120_000; waited += 15) {
    if ((await countTexts(runs)) >= count) return
    await sleep(15)
  }
  throw new Error(`no ${count} texts were finished in ${runs}`)
}

/** Lines in the passes of the runs in a folder: finished texts, and one that a kill may have cut. */
export async function countTexts(runs: string): Promise<number> {
  let texts = 0
  for (const run of await readdir(runs)) {
    const passes = join(runs, run, 'passes')
    for (const file of await readdir(passes).catch(() => [])) {
      texts += (await readFile(join(passes, file), 'utf8')).split('\n').length - 1
    }
  }
  return texts
}

/** The one run folder in a folder of runs. */
export async function onlyRun(runs: string): Promise<string> {
  const names = (await readdir(runs)).filter((name) => name !== 'report')
  const [name] = names
  if (names.length !== 1 || name === undefined) throw new Error(`expected one run, found ${names.join(', ')}`)
  return join(runs, name)
}
