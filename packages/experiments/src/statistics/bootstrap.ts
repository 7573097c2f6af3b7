import { type Interval, quantileOfSorted } from './estimate.ts'
import { type Resampling, resampledTotals } from './resampling.ts'

export interface ClusteredSums extends Resampling {
  /** One column per quantity, one entry per cluster (prompt): its sum over the rounds, tokens or seeds of that prompt. */
  readonly columns: readonly (readonly number[])[]
  /** The statistic as a function of the column totals, in the order of `columns`. */
  readonly combine: (totals: readonly number[]) => number
  /** Mass of the interval, in (0, 1); defaults to 0.95. */
  readonly level?: number
}

/**
 * Percentile bootstrap over clusters (Efron and Tibshirani 1993, chapter 13; Field and Welsh 2007 for clusters): prompts are drawn with
 * replacement, every column with the same prompts, so paired quantities stay paired. The same input gives the same bits: draws
 * are keyed by seed, resample and place. Columns of equal length share their draws with every other estimate of that length.
 *
 * The interval always holds the point estimate.
 */
export function bootstrapOfSums(input: ClusteredSums): Interval {
  const { columns, combine, level = 0.95 } = input
  const clusters = columns[0]?.length ?? 0
  if (columns.some((column) => column.length !== clusters) || clusters === 0)
    throw new RangeError('every column needs the same clusters, at least one')
  const estimate = combine(columns.map(sum))
  const replicates = bootstrapReplicates({ ...input, clusters }).sort()
  const tail = (1 - level) / 2
  return {
    estimate,
    low: Math.min(estimate, quantileOfSorted(replicates, tail)),
    high: Math.max(estimate, quantileOfSorted(replicates, 1 - tail)),
  }
}

/** The statistic of each resample, in the order of the resamples. `[resamples]` */
export function bootstrapReplicates({
  columns,
  combine,
  clusters,
  ...resampling
}: ClusteredSums & { readonly clusters: number }): Float64Array {
  const resampled = columns.map((column) => resampledTotals(column, { clusters, ...resampling }))
  const replicates = new Float64Array(resampled[0]?.length ?? 0)
  const totals = columns.map(() => 0)
  for (let resample = 0; resample < replicates.length; resample++) {
    for (let index = 0; index < totals.length; index++) totals[index] = resampled[index]?.[resample] ?? 0
    replicates[resample] = combine(totals)
  }
  return replicates
}

/** Ratio of two sums over prompts, e.g. milliseconds per token. */
export function ratioOfSums({
  numerators,
  denominators,
  ...resampling
}: Resampling & {
  readonly numerators: readonly number[]
  readonly denominators: readonly number[]
}): Interval {
  return bootstrapOfSums({ ...resampling, columns: [numerators, denominators], combine: ([a = 0, b = 0]) => a / b })
}

/** Time and tokens of each prompt; several seeds of a prompt are added up. */
export interface SpeedSample {
  /** `[prompts]` */
  readonly ms: readonly number[]
  /** `[prompts]` */
  readonly tokens: readonly number[]
}

/** How many times faster `variant` is than `baseline`: ratio of mean ms per token, both on the same prompts. */
export function speedup({
  variant,
  baseline,
  ...resampling
}: Resampling & { readonly variant: SpeedSample; readonly baseline: SpeedSample }): Interval {
  return bootstrapOfSums({
    ...resampling,
    columns: [baseline.ms, baseline.tokens, variant.ms, variant.tokens],
    combine: ([baseMs = 0, baseTokens = 0, ms = 0, tokens = 0]) => baseMs / baseTokens / (ms / tokens),
  })
}

function sum(values: readonly number[]): number {
  let total = 0
  for (const value of values) total += value
  return total
}
