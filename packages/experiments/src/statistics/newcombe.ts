import { type Interval, Z_95 } from './estimate.ts'
import { wilson } from './wilson.ts'

export interface Proportion {
  readonly successes: number
  readonly trials: number
}

/** Difference of two independent proportions, a - b, with Newcombe's hybrid score interval (1998, method 10). */
export function newcombe(a: Proportion, b: Proportion, z: number = Z_95): Interval {
  const ours = wilson(a.successes, a.trials, z)
  const theirs = wilson(b.successes, b.trials, z)
  const difference = ours.estimate - theirs.estimate
  return {
    estimate: difference,
    low: difference - Math.hypot(ours.estimate - ours.low, theirs.high - theirs.estimate),
    high: difference + Math.hypot(ours.high - ours.estimate, theirs.estimate - theirs.low),
  }
}
