import type { Interval } from './estimate.ts'
import { clusteredWilson, type GradedCluster } from './wilson.ts'

/**
 * Interval of the difference of two paired proportions, variant minus baseline, both graded on the same prompts: Newcombe's
 * square-and-add interval for paired data (Newcombe 1998, method 10, without continuity correction of the correlation), with
 * `clusteredWilson` limits. Unlike a bootstrap it does not collapse to zero width when no graded answer differs.
 */
export function pairedDifference(variant: readonly GradedCluster[], baseline: readonly GradedCluster[]): Interval {
  if (variant.length !== baseline.length || variant.length === 0)
    throw new RangeError(`paired lists need the same prompts; got ${variant.length} and ${baseline.length}`)
  const ours = clusteredWilson(variant)
  const theirs = clusteredWilson(baseline)
  const phi = correlation(variant.map(share), baseline.map(share))
  const estimate = ours.estimate - theirs.estimate
  const spread = (a: number, b: number): number => Math.sqrt(Math.max(0, a * a - 2 * phi * a * b + b * b))
  return {
    estimate,
    low: Math.max(-1, estimate - spread(ours.estimate - ours.low, theirs.high - theirs.estimate)),
    high: Math.min(1, estimate + spread(ours.high - ours.estimate, theirs.estimate - theirs.low)),
  }
}

/** Pearson correlation; 0 where one side does not vary. Of two binary lists: the phi coefficient. */
export function correlation(a: readonly number[], b: readonly number[]): number {
  const meanA = mean(a)
  const meanB = mean(b)
  let cross = 0
  let squareA = 0
  let squareB = 0
  for (const [index, x] of a.entries()) {
    const dA = x - meanA
    const dB = (b[index] ?? Number.NaN) - meanB
    cross += dA * dB
    squareA += dA * dA
    squareB += dB * dB
  }
  return squareA === 0 || squareB === 0 ? 0 : Math.max(-1, Math.min(1, cross / Math.sqrt(squareA * squareB)))
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function share(cluster: GradedCluster): number {
  return cluster.correct / cluster.trials
}
