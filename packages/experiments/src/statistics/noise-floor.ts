import { bootstrapReplicates, type SpeedSample } from './bootstrap.ts'
import { quantileOfSorted } from './estimate.ts'
import type { Resampling } from './resampling.ts'
import { clusteredWilson, type GradedCluster } from './wilson.ts'

/** Prompts from which resampling them says anything of how much they vary. */
export const FEWEST_RESAMPLED = 5

/**
 * By how much two runs of the baseline on other prompts would differ in speed: half the width of the 95 % interval of its ms per token over
 * its own under two independent resamplings of the prompts. Unpaired: differences paired by prompt can be told from none when they are
 * smaller. Null below five prompts, whose resamples say too little.
 */
export function speedupNoiseFloor({
  sample: { ms, tokens },
  resamples = 2000,
  seed = 0,
}: Resampling & { readonly sample: SpeedSample }): number | null {
  const clusters = ms.length
  if (clusters < FEWEST_RESAMPLED) return null
  const replicates = (of: number): Float64Array =>
    bootstrapReplicates({
      columns: [ms, tokens],
      combine: ([allMs = 0, allTokens = 0]) => allMs / allTokens,
      clusters,
      resamples,
      seed: of,
    })
  const others = replicates(seed + 1)
  const ratios = replicates(seed)
    .map((one, index) => one / (others[index] ?? one))
    .sort()
  return (quantileOfSorted(ratios, 0.975) - quantileOfSorted(ratios, 0.025)) / 2
}

/**
 * The same for accuracy, percentage points: Newcombe's square-and-add half-width (1998, method 10) of two independent runs with the
 * baseline's answers. Unlike a bootstrap it does not collapse to nothing when all answers are graded alike.
 */
export function accuracyNoiseFloor(clusters: readonly GradedCluster[]): number {
  const { estimate, low, high } = clusteredWilson(clusters)
  return 100 * Math.hypot(estimate - low, high - estimate)
}
