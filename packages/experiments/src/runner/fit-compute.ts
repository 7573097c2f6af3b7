/** One timed forward pass. */
export interface ComputeSample {
  readonly rows: number
  readonly ms: number
}

/** Least squares of `ms = baseMs + perRowMs * rows`, neither below zero; with one size of window all is base. */
export function fitCompute(samples: readonly ComputeSample[]): { readonly baseMs: number; readonly perRowMs: number } {
  if (samples.length === 0) return { baseMs: 0, perRowMs: 0 }
  const meanRows = mean(samples.map(({ rows }) => rows))
  const meanMs = mean(samples.map(({ ms }) => ms))
  const variance = samples.reduce((sum, { rows }) => sum + (rows - meanRows) ** 2, 0)
  const covariance = samples.reduce((sum, { rows, ms }) => sum + (rows - meanRows) * (ms - meanMs), 0)
  const slope = variance === 0 ? 0 : Math.max(0, covariance / variance)
  const base = meanMs - slope * meanRows
  // A line that would start below zero is laid through the origin.
  return base >= 0 ? { baseMs: base, perRowMs: slope } : { baseMs: 0, perRowMs: meanMs / meanRows }
}

export function lowerQuartile(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 4)] ?? Number.NaN
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
