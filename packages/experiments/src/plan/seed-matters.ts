import type { Sampling } from '@dsd-lab/core'
import type { PlannedVariant } from './variants.ts'

/** Whether another seed can give other tokens. */
export function seedMatters(variant: PlannedVariant, { temperature }: Sampling): boolean {
  return temperature > 0 || isRandomWhenGreedy(variant)
}

/** Whether a rule may draw at temperature 0; of one that does not say, and of a control without its rate, it is assumed. */
function isRandomWhenGreedy({ record, rule }: PlannedVariant): boolean {
  return record.accept !== null && rule?.drawsWhenGreedy !== false
}
