import { tokensPerRound } from '../../latency-model/acceptance.ts'
import { checkGamma } from '../fixed-window.ts'
import type { WindowController, WindowPolicy } from '../window-controller.ts'
import { PROBE_EVERY, type WindowChoiceOptions } from './auto-window.ts'
import { PositionAcceptance } from './position-acceptance.ts'
import { RoundTimeFit } from './round-time-fit.ts'

/** Weight of the newest round in the moving averages. */
const EMA_WEIGHT = 0.1

/**
 * What is usually done, for comparison: an exponential moving average of kept over drafted tokens as the acceptance `a` of every
 * position, and the window that maximises `(1 - a^(g+1)) / ((1 - a) (c g + 1))` (Leviathan et al. 2023, theorem 3.8), `c` being the
 * time of a draft step over that of a round. Kept over drafted counts what was never tested, and rows cost nothing. Where drafting does
 * not pay, every 16th round drafts one token, as `autoWindow` probes: else the average would never move again.
 */
export function emaWindow({ maxGamma = 16, firstGamma = 4 }: WindowChoiceOptions = {}): WindowPolicy {
  checkGamma(maxGamma)
  checkGamma(firstGamma)
  let acceptance: number | undefined
  let costRatio: number | undefined
  let undrafted = 0
  const moved = (old: number | undefined, now: number): number =>
    old === undefined ? now : old + EMA_WEIGHT * (now - old)
  const gammaNow = (): number => {
    const best =
      acceptance === undefined || costRatio === undefined
        ? Math.min(firstGamma, maxGamma)
        : longestGain({ maxGamma, acceptance, roundCost: relativeCost(costRatio) })
    return undrafted + 1 >= PROBE_EVERY ? Math.max(best, Math.min(1, maxGamma)) : best
  }
  return () => ({
    name: `ema(${maxGamma})`,
    plan: () => ({ gamma: gammaNow() }),
    observe: ({ rows, forced, accepted, draftSteps, timing }) => {
      const drafted = rows - forced - 1
      undrafted = drafted === 0 ? undrafted + 1 : 0
      if (drafted === 0) return
      acceptance = moved(acceptance, accepted / drafted)
      const targetMs = timing.totalMs - timing.draftMs
      if (forced === 0 && targetMs > 0)
        costRatio = moved(costRatio, timing.draftMs / Math.max(draftSteps, 1) / targetMs)
    },
  })
}

/**
 * The same as `autoWindow` in what it knows of acceptance, but a round is thought to take what rounds took on average, whatever the
 * window, and only drafting is added: what a controller that looks at links alone does. For comparison.
 */
export function constantCostWindow({ maxGamma = 16, firstGamma = 4 }: WindowChoiceOptions = {}): WindowPolicy {
  checkGamma(maxGamma)
  checkGamma(firstGamma)
  const acceptance = new PositionAcceptance({ maxGamma })
  const time = new RoundTimeFit()
  const controller: WindowController = {
    name: `constant-cost(${maxGamma})`,
    plan: () => ({
      gamma: time.known
        ? longestGain({
            maxGamma,
            acceptance: acceptance.rates(),
            roundCost: (gamma) => time.meanTargetMs + gamma * time.draftStepMs,
          })
        : Math.min(firstGamma, maxGamma),
    }),
    observe: (round) => {
      acceptance.observe(round.rows - round.forced - 1, round.accepted)
      time.observe(round)
    },
  }
  return () => controller
}

function relativeCost(costRatio: number): (gamma: number) => number {
  return (gamma) => 1 + costRatio * gamma
}

function longestGain({
  maxGamma,
  acceptance,
  roundCost,
}: {
  readonly maxGamma: number
  readonly acceptance: number | readonly number[]
  readonly roundCost: (gamma: number) => number
}): number {
  let best = 0
  for (let gamma = 1; gamma <= maxGamma; gamma++) {
    const gain = tokensPerRound(acceptance, gamma) / roundCost(gamma)
    if (gain > tokensPerRound(acceptance, best) / roundCost(best)) best = gamma
  }
  return best
}
