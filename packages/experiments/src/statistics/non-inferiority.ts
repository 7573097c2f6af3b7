import type { Interval } from './estimate.ts'
import { nonInferiorityExactP } from './exact-non-inferiority.ts'
import { discordantPairs, mcnemarExact, mcnemarMidP } from './mcnemar.ts'
import { pairedDifference } from './paired-difference.ts'
import type { GradedCluster } from './wilson.ts'

export interface AccuracyComparison {
  /** Variant minus baseline, percentage points. */
  readonly differencePoints: Interval
  readonly mcnemarP: number
  readonly mcnemarMidP: number
  readonly marginPoints: number
  /** Exact and one-sided, against a loss of the margin or more; null where a prompt was graded several times. */
  readonly nonInferiorityP: number | null
  /** True iff that p is at most 0.025; with several answers a prompt iff the whole interval lies above `-marginPoints`. */
  readonly nonInferior: boolean
}

/** One-sided size of the non-inferiority test, that of a two-sided 95 % interval. */
export const NON_INFERIORITY_SIZE = 0.025

/**
 * Compares the accuracy of a variant with its baseline on the same prompts.
 *
 * @param marginPoints largest loss that still counts as no loss, percentage points; > 0
 */
export function compareAccuracy({
  variant,
  baseline,
  marginPoints,
}: {
  readonly variant: readonly GradedCluster[]
  readonly baseline: readonly GradedCluster[]
  readonly marginPoints: number
}): AccuracyComparison {
  const difference = pairedDifference(variant, baseline)
  const shares = (clusters: readonly GradedCluster[]): number[] => clusters.map((c) => c.correct / c.trials)
  const pairs = discordantPairs(shares(variant), shares(baseline))
  const gradedOnce = [...variant, ...baseline].every(({ trials }) => trials === 1)
  const nonInferiorityP =
    gradedOnce && marginPoints < 100
      ? nonInferiorityExactP({ prompts: variant.length, ...pairs }, marginPoints / 100)
      : null
  return {
    differencePoints: {
      estimate: 100 * difference.estimate,
      low: 100 * difference.low,
      high: 100 * difference.high,
    },
    mcnemarP: mcnemarExact(pairs),
    mcnemarMidP: mcnemarMidP(pairs),
    marginPoints,
    nonInferiorityP,
    nonInferior:
      nonInferiorityP === null ? 100 * difference.low > -marginPoints : nonInferiorityP <= NON_INFERIORITY_SIZE,
  }
}

/** The verdict where several variants are asked: by Holm's adjusted p where there is one, else the variant's own `nonInferior`. */
export function notInferior({
  nonInferior,
  holm,
}: {
  readonly nonInferior: boolean
  readonly holm?: { readonly nonInferiorityP: number | null } | undefined
}): boolean {
  const p = holm?.nonInferiorityP ?? null
  return p === null ? nonInferior : p <= NON_INFERIORITY_SIZE
}
