import { execFileSync } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type ExpOptions, exp, onlyRun, startExp, studySource, workplace, writeStudy } from './exp-process.ts'

const place = workplace()
const cwd = place.folder
const patience = 300_000
const bundled = (name: string): string =>
  fileURLToPath(new URL(`../../../node-runtime/bundled/${name}`, import.meta.url))
const isRoot = process.getuid?.() === 0
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

/** A bundled model in a folder of its own, with something done to it. */
function brokenModel(name: string, harm: (folder: string) => void): string {
  const folder = join(cwd, `model-${written++}`)
  cpSync(bundled(name), folder, { recursive: true })
  harm(folder)
  return folder
}

const tokenizerFile = z.looseObject({ model: z.looseObject({ vocab: z.record(z.string(), z.number()) }) })

function swapTwoTokens(folder: string): void {
  const path = join(folder, 'tokenizer.json')
  const file = tokenizerFile.parse(JSON.parse(readFileSync(path, 'utf8')))
  const [one = '', other = ''] = Object.keys(file.model.vocab).slice(300, 302)
  const { vocab } = file.model
  const swapped = { ...vocab, [one]: vocab[other], [other]: vocab[one] }
  writeFileSync(path, JSON.stringify({ ...file, model: { ...file.model, vocab: swapped } }))
}

const otherTokens = brokenModel('lab-draft', swapTwoTokens)
const truncated = brokenModel('lab-target', (folder) => truncateSync(join(folder, 'model.safetensors'), 100_000))
const strangeModel = brokenModel('lab-target', (folder) => {
  const path = join(folder, 'config.json')
  writeFileSync(
    path,
    readFileSync(path, 'utf8').replace('LlamaForCausalLM', 'MambaForCausalLM').replace('"llama"', '"mamba"'),
  )
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
    words: study(models('bundled:lab-target', otherTokens)),
    line: /^models\.draft: target and draft have different tokenizers: token \d+ is .* for the target and .* for the draft; /,
    code: 2,
  },
  {
    mistake: 'a truncated weight file',
    words: study(models(truncated, 'bundled:lab-draft')),
    line: /^models\.target: .*model\.safetensors.*; /,
    code: 2,
  },
  {
    mistake: 'an architecture that is not known',
    words: study(models(strangeModel, 'bundled:lab-draft')),
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
    options: { env: { DSD_RUNS: join(otherTokens, 'config.json') } },
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

describe('trouble on the machine: one line, and nothing finished is lost', () => {
  const small = { tasks: "[task('word-problems', { limit: 2, maxTokens: 8 })]", seeds: '[1]' }

  it(
    'a full disk',
    async () => {
      await writeStudy(cwd, 'full.ts', studySource(small))
      const disk = smallDisk()
      try {
        const words = ['run', 'full.ts', '--no-report', '--jobs', '1']
        const full = await exp(words, { cwd, ...disk.full })
        expect(full.err.trimEnd().split('\n').at(-1)).toMatch(
          /: the disk is full; free some space and run the same command again: finished work is kept$/,
        )
        expect(full.err).not.toMatch(/^ +at /m)
        expect(full.code).toBe(1)
        disk.grow()
        expect((await exp(words, { cwd, ...disk.roomy })).code).toBe(0)
      } finally {
        disk.end()
      }
    },
    patience,
  )

  it(
    'no permission to write',
    async () => {
      const locked = lockedFolder()
      try {
        await writeStudy(cwd, 'locked.ts', studySource(small))
        const outcome = await exp(['run', 'locked.ts', '--no-report'], { cwd, env: { DSD_RUNS: locked.folder } })
        expect(outcome.err.trimEnd()).toMatch(
          /^\S*dsd-locked-\S*: no permission to write here; choose another folder with --runs, or mend its permissions$/,
        )
        expect(outcome.code).toBe(1)
      } finally {
        locked.end()
      }
    },
    patience,
  )

  it(
    'a port in use',
    async () => {
      const server = createServer()
      await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
      const { port } = z.custom<AddressInfo>((value) => typeof value === 'object').parse(server.address())
      const script = fileURLToPath(new URL('../../../node-runtime/src/cli/dsd-node.ts', import.meta.url))
      const words = [
        '--model',
        'bundled:lab-target',
        '--layers',
        '0:8',
        '--node',
        '0',
        '--nodes',
        '1',
        '--port',
        `${port}`,
      ]
      const command = [process.execPath, '--import', import.meta.resolve('tsx'), script] as const
      const outcome = await exp(words, { cwd, command: [...command] })
      server.close()
      expect(outcome.err.trimEnd()).toMatch(new RegExp(`^dsd-node: .*${port}.*in use.*`))
      expect(outcome.code).toBe(1)
    },
    patience,
  )

  it(
    'a node that is killed at start',
    async () => {
      await writeStudy(cwd, 'live.ts', studySource({ ...small, live: '{ cells: 1, prompts: 1 }' }))
      const runs = place.newRuns()
      const options = { cwd, env: { DSD_RUNS: runs } }
      const running = startExp(['run', 'live.ts', '--no-report'], options)
      await killFirstNode(running.child.pid ?? 0)
      const outcome = await running.outcome
      expect(outcome.err.trimEnd().split('\n').at(-1)).toMatch(/^live: .*node \d.*; /)
      expect(outcome.code).toBe(1)
      expect(outcome.out).toContain('speed-up over plain decoding')
      expect(await readdir(await onlyRun(runs))).toContain('summary.json')
      const again = await exp(['run', 'live.ts', '--no-report'], options)
      expect(again).toMatchObject({ code: 0 })
      expect(await readdir(join(await onlyRun(runs), 'live'))).toHaveLength(1)
    },
    patience,
  )

  it(
    'a second process on the same run',
    async () => {
      await writeStudy(cwd, 'twice.ts', studySource(small))
      const runs = place.newRuns()
      const options = { cwd, env: { DSD_RUNS: runs } }
      const running = startExp(['run', 'twice.ts', '--no-report'], options)
      while ((await readdir(runs)).length === 0) await sleep(20)
      const second = await exp(['run', 'twice.ts', '--no-report'], options)
      const one = await running.outcome
      expect(one.code).toBe(0)
      // On a slow machine the first may have ended before the second looked.
      if (second.code !== 0)
        expect(second.err.trimEnd()).toMatch(
          new RegExp(`process ${running.child.pid} is writing this run; wait for it`),
        )
      expect([0, 1]).toContain(second.code)
    },
    patience,
  )
})

interface SmallDisk {
  readonly full: Partial<ExpOptions>
  readonly roomy: Partial<ExpOptions>
  grow(): void
  end(): void
}

/** A file system of 100 kB where this user may mount one, else a limit on the size of files. */
function smallDisk(): SmallDisk {
  const folder = mkdtempSync(join(tmpdir(), 'dsd-disk-'))
  const env = { DSD_RUNS: join(folder, 'runs') }
  const end = (): void => rmSync(folder, { recursive: true, force: true })
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=100k', 'tmpfs', folder], { stdio: 'ignore' })
  } catch {
    const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))
    const limited = `ulimit -f 20; exec "${process.execPath}" --import "${import.meta.resolve('tsx')}" "${main}" "$@"`
    return { full: { env, command: ['bash', '-c', limited, 'exp'] }, roomy: { env }, grow: () => {}, end }
  }
  mkdirSync(env.DSD_RUNS)
  return {
    full: { env },
    roomy: { env },
    grow: () => execFileSync('mount', ['-o', 'remount,size=50m', folder]),
    end() {
      execFileSync('umount', [folder])
      end()
    },
  }
}

/** A folder that takes no files. Permissions do not bind root, so for root it is a file system mounted read-only, or frozen. */
function lockedFolder(): { readonly folder: string; end(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'dsd-locked-'))
  const remove = (): void => rmSync(folder, { recursive: true, force: true })
  if (!isRoot) {
    chmodSync(folder, 0o555)
    return { folder, end: remove }
  }
  const act = (program: string, ...words: string[]): unknown =>
    execFileSync(program, [...words, folder], { stdio: 'ignore' })
  try {
    act('mount', '-t', 'tmpfs', '-o', 'ro', 'tmpfs')
    return { folder, end: () => [act('umount'), remove()] }
  } catch {
    act('chattr', '+i')
    return { folder, end: () => [act('chattr', '-i'), remove()] }
  }
}

/** Kills the first shard process below a process as soon as it is there. */
async function killFirstNode(parent: number): Promise<void> {
  for (let waited = 0; waited < 120_000; waited += 10) {
    const processes = execFileSync('ps', ['-axo', 'pid=,ppid=,args='], { encoding: 'utf8' })
    for (const line of processes.split('\n')) {
      const [pid = 0, ppid = 0] = line.trim().split(/\s+/).map(Number)
      if (ppid !== parent || !line.includes('dsd-node')) continue
      process.kill(pid, 'SIGKILL')
      return
    }
    await sleep(10)
  }
  throw new Error('no shard process was started')
}
