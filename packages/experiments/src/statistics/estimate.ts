/** A point estimate with a two-sided interval, 95 % unless said otherwise; `low <= high`. */
export interface Interval {
  readonly estimate: number
  readonly low: number
  readonly high: number
}

/** Two-sided 97.5 % point of the normal law: the half-width of a 95 % interval in standard errors. */
export const Z_95 = 1.959963984540054

/** The `q`-quantile of sorted values, linearly interpolated between order statistics (Hyndman and Fan type 7). */
export function quantileOfSorted(sorted: ArrayLike<number>, q: number): number {
  if (sorted.length === 0) throw new RangeError('a quantile needs at least one value')
  const at = q * (sorted.length - 1)
  const below = sorted[Math.floor(at)] ?? Number.NaN
  const above = sorted[Math.ceil(at)] ?? Number.NaN
  return below + (above - below) * (at - Math.floor(at))
}
