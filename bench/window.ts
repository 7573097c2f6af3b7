/**
 * How well a window is chosen on the way: `gamma: 'auto'` beside the best fixed window in hindsight, and beside two controllers as
 * they are usually built, replayed over recorded passes of the bundled pair on ten random networks; and how many rounds each needs
 * when the link changes under way.
 *
 *     node --import tsx bench/window.ts [--texts 40] [--seed 2511]
 */
import { parseArgs } from 'node:util'
import {
  autoWindow,
  constantCostWindow,
  emaWindow,
  fixedWindow,
  PURPOSE,
  replayText,
  type TimedChain,
  uniformField,
  type WindowPolicy,
} from '@dsd-lab/core'
import { type RecordedText, recordBundledPair } from './recorded-passes.ts'

const MAX_GAMMA = 16
/** Share of the best fixed window that counts as reached, and on how many of the networks. */
const SHARE = 0.95
const NETWORKS_REACHED = 9
const ADAPTS_WITHIN = 30
/** A hidden state of a 1.5B model. */
const HIDDEN_SIZE = 1536

const { values } = parseArgs({
  options: { texts: { type: 'string', default: '40' }, seed: { type: 'string', default: '2511' } },
})
const controllers: readonly (readonly [name: string, make: () => WindowPolicy])[] = [
  ['auto', () => autoWindow({ maxGamma: MAX_GAMMA })],
  ['EMA', () => emaWindow({ maxGamma: MAX_GAMMA })],
  ['constant cost', () => constantCostWindow({ maxGamma: MAX_GAMMA })],
]

const texts = await recordBundledPair(Math.ceil(Number(values.texts) / 2))
const tokens = texts.reduce((sum, { pass }) => sum + pass.text.length, 0)
const networks = Array.from({ length: 10 }, (_, number) => drawNetwork(number))

console.log(`${texts.length} recorded texts of the bundled pair, ${tokens} tokens, windows up to ${MAX_GAMMA}`)
console.log(
  '\n #   N  latency  jitter   Mbit/s   loss  ms a row  draft ms   best fixed   tokens/s      auto       EMA   constant cost',
)
const reached = controllers.map(() => 0)
for (const [number, chain] of networks.entries()) {
  const fixed = Array.from({ length: MAX_GAMMA + 1 }, (_, gamma) => rate(chain, () => fixedWindow(gamma)))
  const best = Math.max(...fixed)
  const shares = controllers.map(([, make]) => rate(chain, make) / best)
  for (const [place, share] of shares.entries()) reached[place] = (reached[place] ?? 0) + (share >= SHARE ? 1 : 0)
  console.log(
    `${number}`.padStart(2) +
      networkText(chain) +
      `${fixed.indexOf(best)}`.padStart(13) +
      best.toFixed(2).padStart(11) +
      shares.map((share, place) => share.toFixed(3).padStart([10, 10, 16][place] ?? 10)).join(''),
  )
}
for (const [place, [name]] of controllers.entries()) {
  console.log(`${name}: at least ${SHARE} of the best fixed window on ${reached[place]} of ${networks.length} networks`)
}

console.log(
  `\nthe link changes in the middle: rounds until the window is one that reaches ${SHARE} of the best there is, and stays so`,
)
console.log('change                                    best before, after      auto       EMA   constant cost')
const changes: readonly (readonly [string, TimedChain, TimedChain])[] = [
  ['latency 5 -> 80 ms', linked(5, 50), linked(80, 50)],
  ['latency 80 -> 5 ms', linked(80, 50), linked(5, 50)],
  ['bandwidth 200 -> 2 Mbit/s', linked(20, 200), linked(20, 2)],
  ['bandwidth 2 -> 200 Mbit/s', linked(20, 2), linked(20, 200)],
]
let slowest = 0
for (const [name, before, after] of changes) {
  const rates = Array.from({ length: MAX_GAMMA + 1 }, (_, gamma) => rate(after, () => fixedWindow(gamma)))
  const best = Math.max(...rates)
  const good = rates.map((one) => one >= SHARE * best)
  const rounds = controllers.map(([, make]) => roundsToAdapt({ make, before, after, good }))
  slowest = Math.max(slowest, rounds[0] ?? Number.POSITIVE_INFINITY)
  const earlier = Array.from({ length: MAX_GAMMA + 1 }, (_, gamma) => rate(before, () => fixedWindow(gamma)))
  console.log(
    name.padEnd(40) +
      `${earlier.indexOf(Math.max(...earlier))}, ${rates.indexOf(best)}`.padStart(21) +
      rounds
        .map((one, place) =>
          (one === Number.POSITIVE_INFINITY ? 'never' : `${one}`).padStart([10, 10, 16][place] ?? 10),
        )
        .join(''),
  )
}

const met = (reached[0] ?? 0) >= NETWORKS_REACHED && slowest <= ADAPTS_WITHIN
console.log(
  `\nauto: ${SHARE} of the best on ${reached[0]} of ${networks.length} networks (bar ${NETWORKS_REACHED}), adapted after at most ${slowest} rounds (bar ${ADAPTS_WITHIN}): ${met ? 'met' : 'MISSED'}`,
)
process.exitCode = met ? 0 : 1

/** Tokens a second over all texts in turn, which one policy learns from. */
function rate(chain: TimedChain, make: () => WindowPolicy): number {
  const window = make()
  let ms = 0
  for (const { pass, sequence } of texts) {
    for (const { timing } of replayText({ pass, window, chain, sequence })) ms += timing.totalMs
  }
  return (1000 * tokens) / ms
}

/** The first round after the change from which on nearly all windows are good ones; probes, one in sixteen, are not held against it. */
function roundsToAdapt({
  make,
  before,
  after,
  good,
}: {
  readonly make: () => WindowPolicy
  readonly before: TimedChain
  readonly after: TimedChain
  readonly good: readonly boolean[]
}): number {
  const window = make()
  const half = Math.floor(texts.length / 2)
  const isGood: boolean[] = []
  const play = ({ pass, sequence }: RecordedText, chain: TimedChain): void => {
    for (const { drafted, forced, committedBefore } of replayText({ pass, window, chain, sequence })) {
      const cut = drafted === pass.maxLength - committedBefore - 2
      if (chain === after && forced === 0 && !cut) isGood.push(good[drafted] ?? false)
    }
  }
  for (const text of texts.slice(0, half)) play(text, before)
  for (const text of texts.slice(half)) play(text, after)
  const STEADY = 32
  for (let round = 0; round + STEADY < isGood.length; round++) {
    const following = isGood.slice(round, round + STEADY)
    if (isGood[round] === true && following.filter((one) => !one).length <= STEADY / 16) return round
  }
  return Number.POSITIVE_INFINITY
}

function drawNetwork(number: number): TimedChain {
  const field = uniformField({ seed: Number(values.seed), purpose: PURPOSE.WORKLOAD, sequence: 0, position: number })
  let drawn = 0
  const between = (low: number, high: number): number => low * (high / low) ** field.at(drawn++)
  const nodes = Math.round(between(2, 8))
  const latencyMs = between(2, 100)
  return {
    nodes,
    hiddenSize: HIDDEN_SIZE,
    network: {
      links: {
        latencyMs,
        jitterMs: latencyMs * between(0.01, 0.3),
        bandwidthMbps: between(5, 500),
        loss: between(0.001, 0.03),
      },
      seed: number,
    },
    compute: { baseMs: between(2, 20), perRowMs: between(0.1, 4) },
    draftStepMs: between(0.3, 5),
  }
}

function linked(latencyMs: number, bandwidthMbps: number): TimedChain {
  return {
    nodes: 4,
    hiddenSize: HIDDEN_SIZE,
    network: { links: { latencyMs, jitterMs: 0.1 * latencyMs, bandwidthMbps }, seed: 1 },
    compute: { baseMs: 5, perRowMs: 0.5 },
    draftStepMs: 2,
  }
}

function networkText({ nodes, network: { links }, compute, draftStepMs }: TimedChain): string {
  if (!('latencyMs' in links) || !('baseMs' in compute)) return ''
  const { latencyMs, jitterMs = 0, bandwidthMbps = 0, loss = 0 } = links
  const cells: readonly (readonly [number, number, number])[] = [
    [nodes, 0, 4],
    [latencyMs, 1, 9],
    [jitterMs, 1, 8],
    [bandwidthMbps, 1, 9],
    [loss, 3, 7],
    [compute.perRowMs, 2, 10],
    [draftStepMs, 2, 10],
  ]
  return cells.map(([value, digits, width]) => value.toFixed(digits).padStart(width)).join('')
}
