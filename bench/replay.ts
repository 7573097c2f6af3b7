/**
 * How fast replay is: rounds a second on one core, on links that always take the same and on links with jitter and loss; and what
 * `exp run` takes for a sweep of 10 000 cells over a pass that is recorded already, with everything written to the run folder.
 *
 *     node --import tsx bench/replay.ts [--texts 40] [--cells 10000]
 */
import { parseArgs } from 'node:util'
import { type LinkModel, noTotals, PassReplay, RoundTimer, type TimedChain } from '@dsd-lab/core'
import { printBars } from './bars.ts'
import { machineLoad } from './machine-load.ts'
import { recordBundledPair } from './recorded-passes.ts'
import { sweep } from './replay/sweep.ts'
import { startTable } from './table.ts'

const ROUNDS_PER_SECOND = 1e6
const SWEEP_SECONDS = 30
const GAMMAS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 12, 16] as const
const MEASURE_MS = 2000

const { values } = parseArgs({
  options: { texts: { type: 'string', default: '40' }, cells: { type: 'string', default: '10000' } },
})

const texts = await recordBundledPair(Math.ceil(Number(values.texts) / 2))
const passes = texts.map(({ pass, sequence }) => new PassReplay(pass, { sequence, openingBytes: 300 }))
console.log(`${passes.length} recorded texts, windows of ${GAMMAS.join(', ')}; ${machineLoad()}`)
const printRow = startTable(['links', 'nodes', 'rounds a second (wall)', 'rounds a second (CPU of one core)'], {
  first: 26,
})
let slowest = Number.POSITIVE_INFINITY
for (const [name, link] of [
  ['20 ms', { latencyMs: 20, bandwidthMbps: 200 }],
  ['20 ms, jitter 3 ms, loss', { latencyMs: 20, jitterMs: 3, bandwidthMbps: 200, loss: 0.01 }],
] as const satisfies readonly (readonly [string, LinkModel])[]) {
  for (const nodes of [2, 4, 8]) {
    const { wall, cpu } = roundsPerSecond(chainOf(nodes, link))
    if (nodes === 4) slowest = Math.min(slowest, cpu)
    printRow([name, `${nodes}`, millions(wall), millions(cpu)])
  }
}
const swept = sweep(Number(values.cells))
console.log(
  `\nexp run of ${swept.cells} cells, store included: ${swept.wallSeconds.toFixed(1)} s wall, ${swept.cpuSeconds.toFixed(1)} s CPU, ${swept.megabytes.toFixed(1)} MB in ${swept.files} files; ${machineLoad()}\n`,
)
const missed = printBars([
  {
    name: 'rounds a CPU second at 4 nodes, the slower links',
    measured: slowest,
    bound: ROUNDS_PER_SECOND,
    direction: 'at least',
    format: millions,
  },
  {
    name: `exp run of ${swept.cells} cells, s wall`,
    measured: swept.wallSeconds,
    bound: SWEEP_SECONDS,
    direction: 'at most',
  },
])
process.exitCode = missed === 0 ? 0 : 1

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

function chainOf(nodes: number, links: LinkModel): TimedChain {
  return { nodes, hiddenSize: 256, network: { links, seed: 1 }, compute: { baseMs: 10, perRowMs: 0.4 }, draftStepMs: 1 }
}

function millions(rate: number): string {
  return `${(rate / 1e6).toFixed(2)} M`
}
