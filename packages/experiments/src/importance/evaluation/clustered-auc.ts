import { type Interval, quantileOfSorted, type Ranked, resampledCounts, rocAuc } from '../../statistics/index.ts'

const RESAMPLES = 400

/** ROC-AUC with a percentile bootstrap over prompts; null where one kind is missing. */
export function clusteredAuc({
  prompts: promptOf,
  ...ranked
}: Ranked & {
  /** Which prompt each belongs to, counted from 0. `[n]` */
  readonly prompts: readonly number[]
}): Interval | null {
  // Sorted once: every resample then finds its list in order.
  const order = [...ranked.scores.keys()].sort((a, b) => (ranked.scores[b] ?? 0) - (ranked.scores[a] ?? 0))
  const scores = order.map((index) => ranked.scores[index] ?? 0)
  const positive = order.map((index) => ranked.positive[index] === true)
  const prompts = order.map((index) => promptOf[index] ?? 0)
  const estimate = rocAuc({ scores, positive })
  if (Number.isNaN(estimate)) return null
  const clusters = 1 + prompts.reduce((last, prompt) => Math.max(last, prompt), 0)
  const counts = resampledCounts({ clusters, resamples: RESAMPLES })
  const replicates = Array.from({ length: RESAMPLES }, (_, resample) => {
    const weights = prompts.map((prompt) => counts[resample * clusters + prompt] ?? 0)
    return rocAuc({ scores, positive, weights })
  })
    .filter((value) => !Number.isNaN(value))
    .sort((a, b) => a - b)
  if (replicates.length === 0) return null
  return {
    estimate,
    low: Math.min(estimate, quantileOfSorted(replicates, 0.025)),
    high: Math.max(estimate, quantileOfSorted(replicates, 0.975)),
  }
}
