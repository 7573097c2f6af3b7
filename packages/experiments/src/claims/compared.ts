import type { AccuracyComparison } from '../statistics/index.ts'
import type { Variant } from '../store/schema.ts'

/** An arm, and its accuracy against the strict arm of the same window on the same items. */
export interface Compared {
  readonly variant: Variant
  readonly accuracy: AccuracyComparison
}

/** Points of accuracy that are gained; negative where some are lost. */
export function gainedPoints({ accuracy }: Compared): number {
  return accuracy.differencePoints.estimate
}
