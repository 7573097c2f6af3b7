import type { Estimate } from '../store/schema.ts'
import type { Finding, Verdict } from '../store/schema-claims.ts'
import { notTestable } from './not-testable.ts'
import type { TaskSamples } from './samples.ts'
import { estimateText } from './wording.ts'

/** A ratio that a formula says is 1, on one network. */
export interface Measured {
  readonly value: Estimate
  readonly what: string
  readonly network: string
  readonly beside: readonly string[]
}

/** The finding of a formula that has to hold on every network: told by the ratio furthest from 1. */
export function worstOf({
  samples,
  measured,
  margin,
}: {
  readonly samples: TaskSamples
  readonly measured: readonly Measured[]
  /** Largest deviation from 1 that counts as none. */
  readonly margin: number
}): Finding {
  const items = `${samples.task}, ${samples.prompts.length} items`
  const worst = measured.reduce<Measured | undefined>(
    (before, one) => (before === undefined || deviation(one) > deviation(before) ? one : before),
    undefined,
  )
  if (worst === undefined) {
    const because = 'the run has no plain arm, no strict arm, or one node only'
    return notTestable({ conditions: items, because })
  }
  const verdicts = measured.map(({ value }) => verdictOf(value, margin))
  const outside = verdicts.filter((verdict) => verdict === 'refuted').length
  const inside = verdicts.filter((verdict) => verdict === 'reproduced').length
  const best = measured.reduce((before, one) => (deviation(one) < deviation(before) ? one : before))
  return {
    verdict: outside > 0 ? 'refuted' : inside === measured.length ? 'reproduced' : 'not testable here',
    measured: { what: worst.what, value: worst.value, unit: 'x' },
    conditions: `${items}, ${worst.network}, the worst of ${measured.length} settings`,
    because: `within ${100 * margin} % in ${inside} of ${measured.length} settings, outside in ${outside}`,
    beside: [...worst.beside, `nearest: ${estimateText(best.value, 'x')} at ${best.network}`],
  }
}

function deviation({ value: { estimate } }: Measured): number {
  return Math.abs(Math.log(estimate))
}

function verdictOf({ low, high }: Estimate, margin: number): Verdict {
  if (low >= 1 - margin && high <= 1 + margin) return 'reproduced'
  return high < 1 - margin || low > 1 + margin ? 'refuted' : 'not testable here'
}
