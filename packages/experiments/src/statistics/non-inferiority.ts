import type { Interval } from './estimate.ts'
import { discordantPairs, mcnemarExact } from './mcnemar.ts'
import { pairedDifference } from './paired-difference.ts'
import type { GradedCluster } from './wilson.ts'

export interface AccuracyComparison {
  /** Variant minus baseline, percentage points. */
  readonly differencePoints: Interval
  readonly mcnemarP: number
  readonly marginPoints: number
  /** True iff the whole interval lies above `-marginPoints`. */
  readonly nonInferior: boolean
}

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
  return {
    differencePoints: {
      estimate: 100 * difference.estimate,
      low: 100 * difference.low,
      high: 100 * difference.high,
    },
    mcnemarP: mcnemarExact(discordantPairs(shares(variant), shares(baseline))),
    marginPoints,
    nonInferior: 100 * difference.low > -marginPoints,
  }
}
