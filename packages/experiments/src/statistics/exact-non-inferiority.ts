import type { DiscordantPairs } from './mcnemar.ts'

export interface PairedCounts extends DiscordantPairs {
  /** All prompts, those that do not differ included. */
  readonly prompts: number
}

/**
 * One-sided exact p-value against "the variant is worse by `margin` or more" for paired right-or-wrong answers: the unconditional test of
 * Hsueh, Liu and Chen (2001), with tables ordered by Tango's score statistic (1998) and the chance of the worst case over the share of
 * prompts that only the variant gets right. Small values show non-inferiority.
 *
 * @param margin in (0, 1), a difference of shares
 */
export function nonInferiorityExactP(counts: PairedCounts, margin: number): number {
  const { prompts, gained, lost } = counts
  if (!(margin > 0 && margin < 1)) throw new RangeError(`a margin lies in (0, 1); got ${margin}`)
  if (gained + lost > prompts) throw new RangeError(`${gained + lost} of ${prompts} prompts cannot differ`)
  const fewest = fewestGained({ prompts, margin, observed: tangoScore(counts, margin) })
  const chance = (share: number): number => chanceOf({ fewest, prompts, gain: share, loss: share + margin })
  return Math.min(1, largest(chance, (1 - margin) / 2))
}

/**
 * Tango's score statistic of the difference of paired shares at `-margin` (Tango 1998, Statistics in Medicine 17:891): the difference and the
 * margin over the standard error under the restricted maximum-likelihood estimate. Large values speak for the variant.
 */
export function tangoScore(counts: PairedCounts, margin: number): number {
  const { prompts, gained, lost } = counts
  return (gained - lost + prompts * margin) / restrictedSpread(counts, margin)
}

/** Standard error of `gained - lost` under the restricted maximum-likelihood estimate at a difference of `-margin` (Tango 1998). */
export function restrictedSpread({ prompts: n, gained, lost }: PairedCounts, margin: number): number {
  // The restricted estimate q of the share gained solves 2n q^2 + b q + c = 0.
  const b = -gained - lost + (2 * n - lost + gained) * margin
  const c = -gained * margin * (1 - margin)
  const q = (Math.sqrt(Math.max(0, b * b - 8 * n * c)) - b) / (4 * n)
  return Math.sqrt(n * (2 * q + margin * (1 - margin)))
}

/** For every number of losses the fewest gains whose score is at least the observed one; the score grows with the gains. `[prompts + 1]` */
function fewestGained({
  prompts,
  margin,
  observed,
}: {
  readonly prompts: number
  readonly margin: number
  readonly observed: number
}): number[] {
  const least = observed - 1e-9 * Math.max(1, Math.abs(observed))
  return Array.from({ length: prompts + 1 }, (_, lost) => {
    let [from, to] = [0, prompts - lost + 1]
    while (from < to) {
      const gained = (from + to) >> 1
      if (tangoScore({ prompts, gained, lost }, margin) < least) from = gained + 1
      else to = gained
    }
    return from
  })
}

interface Region {
  readonly fewest: readonly number[]
  readonly prompts: number
  /** Shares of prompts that only the variant, only the baseline gets right; their sum is at most 1. */
  readonly gain: number
  readonly loss: number
}

/** Terms below it change no digit that is shown. */
const NEGLIGIBLE = 1e-13

/** P(gained >= fewest[lost]): lost is binomial, and gained, given it, is binomial over the rest. */
function chanceOf({ fewest, prompts, gain, loss }: Region): number {
  const given = Math.min(1, gain / (1 - loss))
  let sum = 0
  for (const [lost, least] of fewest.entries()) {
    const weight = binomialMass({ trials: prompts, successes: lost, chance: loss })
    if (weight > NEGLIGIBLE) sum += weight * upperTail({ trials: prompts - lost, successes: least, chance: given })
  }
  return sum
}

interface Binomial {
  readonly trials: number
  readonly successes: number
  readonly chance: number
}

/** P(X >= successes). */
function upperTail({ trials, successes, chance }: Binomial): number {
  if (successes <= 0) return 1
  if (successes > trials || chance <= 0) return 0
  if (chance >= 1) return 1
  const odds = chance / (1 - chance)
  const above = successes > trials * chance
  // The tail away from the mean: its terms shrink from the start.
  let k = above ? successes : successes - 1
  let term = binomialMass({ trials, successes: k, chance })
  let sum = 0
  while (k >= 0 && k <= trials && term > NEGLIGIBLE * 1e-3) {
    sum += term
    term *= above ? ((trials - k) / (k + 1)) * odds : k / (trials - k + 1) / odds
    k += above ? 1 : -1
  }
  return above ? sum : 1 - sum
}

function binomialMass({ trials, successes, chance }: Binomial): number {
  if (chance <= 0) return successes === 0 ? 1 : 0
  if (chance >= 1) return successes === trials ? 1 : 0
  const log =
    logFactorial(trials) -
    logFactorial(successes) -
    logFactorial(trials - successes) +
    successes * Math.log(chance) +
    (trials - successes) * Math.log1p(-chance)
  return Math.exp(log)
}

const logFactorials = [0]
function logFactorial(n: number): number {
  for (let k = logFactorials.length; k <= n; k++) logFactorials.push((logFactorials[k - 1] ?? 0) + Math.log(k))
  return logFactorials[n] ?? 0
}

/** Largest value of a smooth function on [0, end]: a grid, then golden-section search around its best point. */
function largest(of: (at: number) => number, end: number): number {
  const cells = 200
  const grid = Array.from({ length: cells + 1 }, (_, index) => of((end * index) / cells))
  const best = grid.indexOf(Math.max(...grid))
  let [from, to] = [(end * Math.max(0, best - 1)) / cells, (end * Math.min(cells, best + 1)) / cells]
  const golden = (Math.sqrt(5) - 1) / 2
  for (let step = 0; step < 30; step++) {
    const [left, right] = [to - golden * (to - from), from + golden * (to - from)]
    if (of(left) < of(right)) from = left
    else to = right
  }
  return Math.max(...grid, of((from + to) / 2))
}
