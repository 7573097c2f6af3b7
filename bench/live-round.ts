/**
 * What a live round costs above what it must: round time over (measured compute of all nodes + declared link delays).
 * The bars: median at most 1.05, p95 at most 1.10. Exit code 1 when one is missed.
 *
 *     node --import tsx bench/live-round.ts [--nodes 4] [--latency 20] [--gamma 4] [--rounds 200]
 *         [--model bundled:lab-target] [--draft bundled:lab-draft]
 */
import { parseArgs } from 'node:util'
import { coupled } from '@dsd-lab/acceptance'
import { DsdError, fixedWindow, type RoundTiming, speculative } from '@dsd-lab/core'
import { loadDrafter, localCluster } from '@dsd-lab/node-runtime'
import { printBars } from './bars.ts'
import { machineLoad } from './machine-load.ts'
import { median } from './median.ts'
import { startTable } from './table.ts'

const MEDIAN_BAR = 1.05
const P95_BAR = 1.1
/** Rounds in which engines and JIT settle. */
const WARM_UP = 20

const { values } = parseArgs({
  options: {
    nodes: { type: 'string', default: '4' },
    latency: { type: 'string', default: '20' },
    gamma: { type: 'string', default: '4' },
    rounds: { type: 'string', default: '200' },
    model: { type: 'string', default: 'bundled:lab-target' },
    draft: { type: 'string', default: 'bundled:lab-draft' },
  },
})
const nodes = Number(values.nodes)
const gamma = Number(values.gamma)
const rounds = Number(values.rounds)
const link = { latencyMs: Number(values.latency) }

await using cluster = await localCluster({ model: values.model, nodes, link }).catch((error: unknown) => {
  console.error(error instanceof DsdError ? error.line : error)
  process.exit(1)
})
await using drafter = await loadDrafter({ model: values.draft })
const timings: RoundTiming[] = []
let tokens = 0
for (let sequence = 0; timings.length < WARM_UP + rounds; sequence++) {
  const prompt = cluster.tokenizer.encode(
    `Question: Ada has ${sequence + 3} apples and buys 4 more. How many now?\nAnswer:`,
  )
  const text = { target: cluster, drafter, rule: coupled(), window: fixedWindow(gamma), prompt, sequence }
  const sampled = { ...text, seed: 1, sampling: { temperature: 0.8 }, maxTokens: 120 }
  for await (const { round, tokens: committed } of speculative(sampled)) {
    timings.push(round.timing)
    if (timings.length > WARM_UP && timings.length <= WARM_UP + rounds) tokens += committed.length
  }
}

const measured = timings.slice(WARM_UP, WARM_UP + rounds)
const sum = (list: readonly number[]) => list.reduce((total, ms) => total + ms, 0)
const roundMs = measured.map(({ totalMs, draftMs }) => totalMs - draftMs)
const computeMs = measured.map((timing) => sum(timing.computeMs))
const linksMs = measured.map((timing) => sum(timing.linkMs) + timing.returnMs)
const queueMs = measured.map((timing) => sum(timing.queueMs))
const ratios = roundMs.map((ms, round) => ms / ((computeMs[round] ?? 0) + (linksMs[round] ?? 0)))
const overheadMs = roundMs.map((ms, round) => ms - (computeMs[round] ?? 0) - (linksMs[round] ?? 0))
const otherMs = overheadMs.map((ms, round) => ms - (queueMs[round] ?? 0))

const p95 = (list: readonly number[]) =>
  list.toSorted((a, b) => a - b)[Math.floor(0.95 * (list.length - 1))] ?? Number.NaN

console.log(
  `${nodes} shard processes, links of ${link.latencyMs} ms, window ${gamma}, ${rounds} rounds, engine ${cluster.nodes[0]?.engine.name}`,
)
console.log(`${machineLoad()}; link self-check:`)
for (const check of cluster.linkCheck)
  console.log(`  ${check.name}: declared ${check.declaredMs.toFixed(2)} ms, measured ${check.measuredMs.toFixed(2)} ms`)
const printRow = startTable(['', 'median', 'p95', 'max'], { first: 44 })
for (const [name, list, digits] of [
  ['round, ms', roundMs, 2],
  ['compute of all nodes, ms', computeMs, 2],
  ['links as declared, ms', linksMs, 2],
  ['overhead, ms', overheadMs, 2],
  ['  between arrival and compute (queue), ms', queueMs, 2],
  ['  timers, sockets, codec, event loops, ms', otherMs, 2],
  ['round / (compute + links)', ratios, 4],
] as const) {
  printRow([name, ...[median(list), p95(list), Math.max(...list)].map((value) => value.toFixed(digits))])
}
const totalMs = sum(measured.map((timing) => timing.totalMs))
console.log(
  `${(tokens / rounds).toFixed(2)} tokens a round, ${((1000 * tokens) / totalMs).toFixed(1)} tokens a second, drafting included`,
)
const format = (value: number): string => value.toFixed(4)
const missed = printBars([
  { name: 'median', measured: median(ratios), bound: MEDIAN_BAR, direction: 'at most', format },
  { name: 'p95', measured: p95(ratios), bound: P95_BAR, direction: 'at most', format },
])
process.exitCode = missed === 0 ? 0 : 1
