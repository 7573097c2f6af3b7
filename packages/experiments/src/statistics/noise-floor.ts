import { bootstrapReplicates, type SpeedSample } from './bootstrap.ts'
import { quantileOfSorted } from './estimate.ts'
import type { Resampling } from './resampling.ts'
import type { GradedCluster } from './wilson.ts'

/**
 * What looks like a speed-up when there is none: half the width of the 95 % interval of the baseline's ms per token over its own
 * under two independent resamplings of the prompts. An unpaired difference smaller than this is noise.
 */
export function speedupNoiseFloor({ sample, ...resampling }: Resampling & { readonly sample: SpeedSample }): number {
  return halfWidth({
    ...resampling,
    columns: [sample.ms, sample.tokens],
    statistic: ([ms = 0, tokens = 0]) => ms / tokens,
    compare: (one, other) => one / other,
  })
}

/** The same for accuracy, percentage points. */
export function accuracyNoiseFloor({
  clusters,
  ...resampling
}: Resampling & { readonly clusters: readonly GradedCluster[] }): number {
  return halfWidth({
    ...resampling,
    columns: [clusters.map((cluster) => cluster.correct), clusters.map((cluster) => cluster.trials)],
    statistic: ([correct = 0, trials = 0]) => correct / trials,
    compare: (one, other) => 100 * (one - other),
  })
}

function halfWidth({
  columns,
  statistic,
  compare,
  resamples = 2000,
  seed = 0,
}: Resampling & {
  readonly columns: readonly (readonly number[])[]
  readonly statistic: (totals: readonly number[]) => number
  readonly compare: (one: number, other: number) => number
}): number {
  const clusters = columns[0]?.length ?? 0
  const replicates = (of: number): Float64Array =>
    bootstrapReplicates({ columns, combine: statistic, clusters, resamples, seed: of })
  const others = replicates(seed + 1)
  const differences = replicates(seed)
    .map((one, index) => compare(one, others[index] ?? one))
    .sort()
  return (quantileOfSorted(differences, 0.975) - quantileOfSorted(differences, 0.025)) / 2
}
