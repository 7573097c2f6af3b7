import { type Interval, Z_95 } from './estimate.ts'

/**
 * Wilson's score interval of a proportion (Wilson 1927), without continuity correction. `trials` may be fractional: an
 * effective sample size.
 */
export function wilson(successes: number, trials: number, z: number = Z_95): Interval {
  if (!(trials > 0) || successes < 0 || successes > trials)
    throw new RangeError(`a proportion needs 0 <= successes <= trials and trials > 0; got ${successes} of ${trials}`)
  const p = successes / trials
  const z2 = z * z
  const centre = (p + z2 / (2 * trials)) / (1 + z2 / trials)
  const half = (z / (1 + z2 / trials)) * Math.sqrt((p * (1 - p)) / trials + z2 / (4 * trials * trials))
  return { estimate: p, low: Math.max(0, Math.min(p, centre - half)), high: Math.min(1, Math.max(p, centre + half)) }
}

/** Graded answers to one prompt, one per seed. */
export interface GradedCluster {
  readonly correct: number
  readonly trials: number
}

/**
 * Wilson's interval where several answers share a prompt: the number of trials is divided by the design effect
 * `max(1, clustered variance / binomial variance)` (Rao and Scott 1992). With one answer per prompt it is plain Wilson.
 */
export function clusteredWilson(clusters: readonly GradedCluster[], z: number = Z_95): Interval {
  const correct = clusters.reduce((sum, cluster) => sum + cluster.correct, 0)
  const trials = clusters.reduce((sum, cluster) => sum + cluster.trials, 0)
  const p = correct / trials
  const effective = trials / designEffect({ clusters, trials, p })
  return { ...wilson(p * effective, effective, z), estimate: p }
}

function designEffect({
  clusters,
  trials,
  p,
}: {
  readonly clusters: readonly GradedCluster[]
  readonly trials: number
  readonly p: number
}): number {
  // Without variation in the sample the clusters' correlation is unknown: count every prompt once.
  if (p <= 0 || p >= 1) return trials / clusters.length
  const squares = clusters.reduce((sum, cluster) => sum + (cluster.correct - p * cluster.trials) ** 2, 0)
  const clusteredVariance = squares / (trials * trials)
  const binomialVariance = (p * (1 - p)) / trials
  return Math.max(1, clusteredVariance / binomialVariance)
}
