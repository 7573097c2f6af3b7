import {
  autoWindow,
  type LinkModel,
  noTotals,
  PassReplay,
  type ReplayOptions,
  RoundTimer,
  replayText,
  type TimedChain,
} from '@dsd-lab/core'
import { type Interval, type SpeedSample, speedup } from '../statistics/index.ts'
import type { Agreement } from './agreement.ts'

/** Largest window tried. */
const MAX_GAMMA = 16
/** One-way latencies between which the break-even is sought, ms. */
const LONGEST_LATENCY_MS = 2000
const BREAK_EVEN_PRECISION_MS = 0.05

export interface WindowSpeedup {
  readonly gamma: number
  /** Over plain decoding, 95 % interval over prompts. */
  readonly speedup: Interval
}

export interface Advice {
  /** The window that is quickest on these texts; 0: do not draft. */
  readonly gamma: number
  /** Over plain decoding, 95 % interval over prompts. */
  readonly speedup: Interval
  /** Windows chosen before every round. */
  readonly auto: Interval
  /** The quickest window where the next one is drafted while one travels. */
  readonly draftAhead: WindowSpeedup
  readonly byGamma: readonly WindowSpeedup[]
  readonly plainTokensPerSecond: number
  readonly tokensPerSecond: number
  /** One-way latency of every link from which on drafting is surely quicker, ms; 0: always, null: not up to 2 s. */
  readonly paysFromMs: number | null
}

/** What the recorded texts take on a chain, replayed exactly, window by window. */
export function advise(agreement: Agreement, chain: TimedChain): Advice {
  const byGamma = speedups(agreement, chain)
  const best = quickest(byGamma)
  const plain = sampleOf(agreement, chain, 0)
  const plainTokensPerSecond = (1000 * total(plain.tokens)) / total(plain.ms)
  return {
    gamma: best.gamma,
    speedup: best.speedup,
    auto: speedup({ variant: autoSample(agreement, chain), baseline: plain }),
    draftAhead: quickest(speedups(agreement, chain, { draftAhead: true })),
    byGamma,
    plainTokensPerSecond,
    tokensPerSecond: plainTokensPerSecond * best.speedup.estimate,
    paysFromMs: breakEven(agreement, chain),
  }
}

function quickest(windows: readonly WindowSpeedup[]): WindowSpeedup {
  return windows.reduce((most, one) => (one.speedup.estimate > most.speedup.estimate ? one : most))
}

function speedups(agreement: Agreement, chain: TimedChain, options?: ReplayOptions): WindowSpeedup[] {
  const baseline = sampleOf(agreement, chain, 0)
  return Array.from({ length: MAX_GAMMA + 1 }, (_, gamma) => ({
    gamma,
    speedup: speedup({ variant: sampleOf(agreement, chain, gamma, options), baseline }),
  }))
}

function sampleOf({ texts }: Agreement, chain: TimedChain, gamma: number, options?: ReplayOptions): SpeedSample {
  const timer = new RoundTimer(chain)
  const totals = noTotals()
  const ms = texts.map(({ pass, sequence }) => {
    new PassReplay(pass, { sequence }).replay(gamma, timer, totals, options)
    return totals.totalUs / 1000
  })
  return { ms, tokens: texts.map(({ pass }) => pass.text.length) }
}

/** Texts in turn, each learning from those before it. */
function autoSample({ texts }: Agreement, chain: TimedChain): SpeedSample {
  const window = autoWindow({ maxGamma: MAX_GAMMA })
  const ms = texts.map(({ pass, sequence }) =>
    total(replayText({ pass, window, chain, sequence }).map(({ timing }) => timing.totalMs)),
  )
  return { ms, tokens: texts.map(({ pass }) => pass.text.length) }
}

/** By bisection: the slower the links, the more a saved trip is worth. Links then have no jitter and no loss. */
function breakEven(agreement: Agreement, chain: TimedChain): number | null {
  const { links } = chain.network
  const declared: LinkModel = 'latencyMs' in links ? links : (links[0] ?? { latencyMs: 0 })
  const pays = (latencyMs: number): boolean => {
    const { bandwidthMbps } = declared
    const link: LinkModel = bandwidthMbps === undefined ? { latencyMs } : { latencyMs, bandwidthMbps }
    const on = speedups(agreement, { ...chain, network: { links: link } })
    return on.some(({ gamma, speedup: { low } }) => gamma > 0 && low > 1)
  }
  if (pays(0)) return 0
  if (!pays(LONGEST_LATENCY_MS)) return null
  let [no, yes] = [0, LONGEST_LATENCY_MS]
  while (yes - no > Math.max(BREAK_EVEN_PRECISION_MS, yes / 100)) {
    const middle = (no + yes) / 2
    if (pays(middle)) yes = middle
    else no = middle
  }
  return yes
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}
