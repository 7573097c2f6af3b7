/** Predicted probabilities of one range, and what happened. */
export interface ReliabilityBin {
  readonly from: number
  readonly to: number
  readonly count: number
  /** Mean predicted probability. */
  readonly predicted: number
  /** Share of positives. */
  readonly observed: number
}

/** Reliability diagram in bins of equal width over [0, 1]; empty bins are left out. */
export function reliability(
  probabilities: readonly number[],
  positive: readonly boolean[],
  bins = 10,
): ReliabilityBin[] {
  return Array.from({ length: bins }, (_, bin) => {
    const inside = [...probabilities.keys()].filter(
      (index) => Math.min(bins - 1, Math.floor((probabilities[index] ?? 0) * bins)) === bin,
    )
    const mean = (measure: (index: number) => number): number =>
      inside.reduce((sum, index) => sum + measure(index), 0) / inside.length
    return {
      from: bin / bins,
      to: (bin + 1) / bins,
      count: inside.length,
      predicted: mean((index) => probabilities[index] ?? 0),
      observed: mean((index) => (positive[index] === true ? 1 : 0)),
    }
  }).filter(({ count }) => count > 0)
}

/** Expected calibration error: mean distance of predicted and observed over the bins, weighted by their counts (Naeini et al. 2015). */
export function calibrationError(bins: readonly ReliabilityBin[]): number {
  const total = bins.reduce((sum, { count }) => sum + count, 0)
  return bins.reduce((sum, { count, predicted, observed }) => sum + (count / total) * Math.abs(predicted - observed), 0)
}
