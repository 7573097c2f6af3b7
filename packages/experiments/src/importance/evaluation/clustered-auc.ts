import { type Interval, quantileOfSorted, type Ranked, resampledCounts, rocAuc } from '../../statistics/index.ts'

const RESAMPLES = 400

/** ROC-AUC with a percentile bootstrap over prompts; null where one kind is missing. */
export function clusteredAuc({
  scores,
  positive,
  prompts,
}: Ranked & {
  /** Which prompt each belongs to, counted from 0. `[n]` */
  readonly prompts: readonly number[]
}): Interval | null {
  const estimate = rocAuc({ scores, positive })
  if (Number.isNaN(estimate)) return null
  const clusters = 1 + Math.max(...prompts)
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
