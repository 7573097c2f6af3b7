/**
 * How fast replay is: rounds a second on one core, on links that always take the same and on links with jitter and loss; and what
 * `exp run` takes for a sweep of 10 000 cells over a pass that is recorded already, with everything written to the run folder.
 *
 *     node --import tsx bench/replay.ts [--texts 40] [--cells 10000]
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type LinkModel, noTotals, PassReplay, RoundTimer, type TimedChain } from '@dsd-lab/core'
import { recordBundledPair } from './recorded-passes.ts'

const ROUNDS_PER_SECOND = 1e6
const SWEEP_SECONDS = 30
const GAMMAS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 12, 16] as const
const MEASURE_MS = 2000

const { values } = parseArgs({
  options: { texts: { type: 'string', default: '40' }, cells: { type: 'string', default: '10000' } },
})

const texts = await recordBundledPair(Math.ceil(Number(values.texts) / 2))
const passes = texts.map(({ pass, sequence }) => new PassReplay(pass, { sequence, openingBytes: 300 }))
console.log(
  `${passes.length} recorded texts, windows of ${GAMMAS.join(', ')}; load ${loadavg()[0]?.toFixed(1)} on ${availableParallelism()} cores`,
)
console.log('links                       nodes    rounds a second (wall)    rounds a second (CPU of one core)')
let slowest = Number.POSITIVE_INFINITY
for (const [name, link] of [
  ['20 ms', { latencyMs: 20, bandwidthMbps: 200 }],
  ['20 ms, jitter 3 ms, loss', { latencyMs: 20, jitterMs: 3, bandwidthMbps: 200, loss: 0.01 }],
] as const satisfies readonly (readonly [string, LinkModel])[]) {
  for (const nodes of [2, 4, 8]) {
    const { wall, cpu } = roundsPerSecond(chainOf(nodes, link))
    if (nodes === 4) slowest = Math.min(slowest, cpu)
    console.log(name.padEnd(28) + `${nodes}`.padStart(5) + millions(wall).padStart(26) + millions(cpu).padStart(37))
  }
}
const fast = slowest >= ROUNDS_PER_SECOND
console.log(
  `at 4 nodes, the slower links: ${millions(slowest)} a CPU second (bar ${millions(ROUNDS_PER_SECOND)}): ${fast ? 'met' : 'MISSED'}`,
)

const swept = sweep(Number(values.cells))
const quick = swept.wallSeconds <= SWEEP_SECONDS
console.log(
  `\nexp run of ${swept.cells} cells, store included: ${swept.wallSeconds.toFixed(1)} s wall, ${swept.cpuSeconds.toFixed(1)} s CPU, ${swept.megabytes.toFixed(1)} MB in ${swept.files} files; load ${loadavg()[0]?.toFixed(1)} (bar ${SWEEP_SECONDS} s wall): ${quick ? 'met' : 'MISSED'}`,
)
process.exitCode = fast && quick ? 0 : 1

function roundsPerSecond(chain: TimedChain): { readonly wall: number; readonly cpu: number } {
  const timer = new RoundTimer(chain)
  const totals = noTotals()
  const turn = (): number => {
    let rounds = 0
    for (const gamma of GAMMAS) {
      for (const pass of passes) {
        pass.replay(gamma, timer, totals)
        rounds += totals.rounds
      }
    }
    return rounds
  }
  for (let warm = 0; warm < 20; warm++) turn()
  let rounds = 0
  const startCpu = process.cpuUsage()
  const start = performance.now()
  while (performance.now() - start < MEASURE_MS) rounds += turn()
  const seconds = (performance.now() - start) / 1000
  const { user, system } = process.cpuUsage(startCpu)
  return { wall: rounds / seconds, cpu: (1e6 * rounds) / (user + system) }
}

/** A sweep whose text was recorded by a smaller run before it, as a user comes to it. */
function sweep(cells: number) {
  const folder = mkdtempSync(join(tmpdir(), 'dsd-sweep-'))
  try {
    const conditions = Math.ceil(cells / 10)
    const latencies = Array.from({ length: Math.ceil(conditions / 40) }, (_, step) => 2 + 4 * step)
    const small = { nodes: '2', latency: '20', jitter: '0', bandwidth: '200', gamma: '4' }
    const large = {
      nodes: 'sweep([2, 3, 4, 6, 8])',
      latency: `sweep(${JSON.stringify(latencies)})`,
      jitter: 'sweep([0, 1])',
      bandwidth: 'sweep([10, 50, 200, 1000])',
      gamma: 'sweep([1, 2, 3, 4, 5, 6, 8, 10, 12])',
    }
    writeFileSync(join(folder, 'recorded.ts'), studyText(small))
    writeFileSync(join(folder, 'sweep.ts'), studyText(large))
    run(folder, 'recorded.ts')
    const { wallSeconds, cpuSeconds, path } = run(folder, 'sweep.ts')
    const kibibytes = spawnSync('du', ['-sk', path], { encoding: 'utf8' }).stdout
    const files = spawnSync('find', [path, '-type', 'f'], { encoding: 'utf8' }).stdout
    return {
      cells: 10 * 40 * latencies.length,
      wallSeconds,
      cpuSeconds,
      megabytes: Number.parseInt(kibibytes, 10) / 1024,
      files: files.split('\n').length - 1,
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** As a user runs it; the shell tells the time of the processes that it waited for. */
function run(folder: string, file: string) {
  const main = fileURLToPath(new URL('../packages/experiments/src/cli/main.ts', import.meta.url))
  const words = [process.execPath, '--import', import.meta.resolve('tsx'), main, 'run', file, '--no-report']
  const { status, stdout, stderr } = spawnSync('bash', ['-c', 'TIMEFORMAT="%R %U %S"; time "$@"', 'run', ...words], {
    cwd: folder,
    env: { ...process.env, DSD_RUNS: join(folder, 'runs'), INIT_CWD: folder },
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  })
  const path = /^run: (.*)$/m.exec(stdout)?.[1]
  const [wall = 0, user = 0, system = 0] = (stderr.trim().split('\n').at(-1) ?? '').split(' ').map(Number)
  if (status !== 0 || path === undefined) throw new Error(stderr)
  return { path, wallSeconds: wall, cpuSeconds: user + system }
}

interface StudySettings {
  readonly nodes: string
  readonly latency: string
  readonly jitter: string
  readonly bandwidth: string
  readonly gamma: string
}

function studyText({ nodes, latency, jitter, bandwidth, gamma }: StudySettings): string {
  const library = fileURLToPath(new URL('../packages/experiments/src/index.ts', import.meta.url))
  return `import { experiment, strict, sweep, task } from '${library}'

void sweep
export default experiment({
  title: 'a sweep',
  models: { target: 'bundled:lab-target', draft: 'bundled:lab-draft' },
  tasks: [task('word-problems', { limit: 20 })],
  cluster: {
    nodes: ${nodes},
    compute: { baseMs: 10, perRowMs: 0.4 },
    link: { latencyMs: ${latency}, jitterMs: ${jitter}, bandwidthMbps: ${bandwidth} },
  },
  arms: {
    autoregressive: { decode: 'autoregressive' },
    strict: { decode: 'speculative', gamma: ${gamma}, accept: strict() },
  },
  baseline: 'strict',
})
`
}

function chainOf(nodes: number, links: LinkModel): TimedChain {
  return { nodes, hiddenSize: 256, network: { links, seed: 1 }, compute: { baseMs: 10, perRowMs: 0.4 }, draftStepMs: 1 }
}

function millions(rate: number): string {
  return `${(rate / 1e6).toFixed(2)} M`
}
