/**
 * How well a window is chosen on the way: `gamma: 'auto'` beside the best fixed window in hindsight, and beside two controllers as
 * they are usually built, replayed over recorded passes of the bundled pair on ten random networks; and how many rounds each needs
 * when the link changes under way. With `--ahead` the next window is drafted while one travels, under fixed windows too.
 *
 *     node --import tsx bench/window.ts [--texts 40] [--seed 2511] [--ahead]
 */
import { parseArgs } from 'node:util'
import {
  autoWindow,
  constantCostWindow,
  emaWindow,
  fixedWindow,
  replayText,
  type TimedChain,
  type WindowPolicy,
} from '@dsd-lab/core'
import { printBars } from './bars.ts'
import { recordBundledPair } from './recorded-passes.ts'
import { startTable } from './table.ts'
import { drawNetwork, linked, NETWORK_COLUMNS, networkCells } from './window/networks.ts'
import { roundsToAdapt } from './window/rounds-to-adapt.ts'

const MAX_GAMMA = 16
/** Share of the best fixed window that counts as reached, and on how many of the networks. */
const SHARE = 0.95
const NETWORKS_REACHED = 9
const ADAPTS_WITHIN = 30

const { values } = parseArgs({
  options: {
    texts: { type: 'string', default: '40' },
    seed: { type: 'string', default: '2511' },
    ahead: { type: 'boolean', default: false },
  },
})
const controllers: readonly (readonly [name: string, make: () => WindowPolicy])[] = [
  ['auto', () => autoWindow({ maxGamma: MAX_GAMMA })],
  ['EMA', () => emaWindow({ maxGamma: MAX_GAMMA })],
  ['constant cost', () => constantCostWindow({ maxGamma: MAX_GAMMA })],
]

const texts = await recordBundledPair(Math.ceil(Number(values.texts) / 2))
const tokens = texts.reduce((sum, { pass }) => sum + pass.text.length, 0)
const networks = Array.from({ length: 10 }, (_, number) => drawNetwork(number, Number(values.seed)))

console.log(`${texts.length} recorded texts of the bundled pair, ${tokens} tokens, windows up to ${MAX_GAMMA}`)
const names = controllers.map(([name]) => name)
console.log()
const printNetwork = startTable(['#', ...NETWORK_COLUMNS, 'best fixed', 'tokens/s', ...names], { first: 2 })
const reached = controllers.map(() => 0)
for (const [number, chain] of networks.entries()) {
  const fixed = Array.from({ length: MAX_GAMMA + 1 }, (_, gamma) => rate(chain, () => fixedWindow(gamma)))
  const best = Math.max(...fixed)
  const shares = controllers.map(([, make]) => rate(chain, make) / best)
  for (const [place, share] of shares.entries()) reached[place] = (reached[place] ?? 0) + (share >= SHARE ? 1 : 0)
  printNetwork([
    `${number}`,
    ...networkCells(chain),
    `${fixed.indexOf(best)}`,
    best.toFixed(2),
    ...shares.map((share) => share.toFixed(3)),
  ])
}
for (const [place, [name]] of controllers.entries()) {
  console.log(`${name}: at least ${SHARE} of the best fixed window on ${reached[place]} of ${networks.length} networks`)
}

console.log(
  `\nthe link changes in the middle: rounds until the window is one that reaches ${SHARE} of the best there is, and stays so`,
)
const printChange = startTable(['change', 'best before, after', ...names], { first: 26 })
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
  const rounds = controllers.map(([, make]) =>
    roundsToAdapt({ texts, make, before, after, good, draftAhead: values.ahead }),
  )
  slowest = Math.max(slowest, rounds[0] ?? Number.POSITIVE_INFINITY)
  const earlier = Array.from({ length: MAX_GAMMA + 1 }, (_, gamma) => rate(before, () => fixedWindow(gamma)))
  printChange([
    name,
    `${earlier.indexOf(Math.max(...earlier))}, ${rates.indexOf(best)}`,
    ...rounds.map((one) => (one === Number.POSITIVE_INFINITY ? 'never' : `${one}`)),
  ])
}

console.log()
const missed = printBars([
  {
    name: `auto: networks of ${networks.length} with ${SHARE} of the best`,
    measured: reached[0] ?? 0,
    bound: NETWORKS_REACHED,
    direction: 'at least',
    format: String,
  },
  { name: 'auto: most rounds to adapt', measured: slowest, bound: ADAPTS_WITHIN, direction: 'at most', format: String },
])
process.exitCode = missed === 0 ? 0 : 1

/** Tokens a second over all texts in turn, which one policy learns from. */
function rate(chain: TimedChain, make: () => WindowPolicy): number {
  const window = make()
  let ms = 0
  for (const { pass, sequence } of texts) {
    for (const { timing } of replayText({ pass, window, chain, sequence, draftAhead: values.ahead }))
      ms += timing.totalMs
  }
  return (1000 * tokens) / ms
}
