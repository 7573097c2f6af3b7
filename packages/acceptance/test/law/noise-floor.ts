/**
 * Total variation that `draws` samples of a law stay below unless something is wrong. E|n_i / n - p_i| is at most its
 * standard deviation sqrt(p_i (1 - p_i) / n); one draw moves the distance by at most 1 / n, so it exceeds its mean by e
 * with probability at most exp(-2 n e^2) (McDiarmid 1989).
 * @param risk Chance of a false alarm. Default 1e-6.
 */
export function noiseFloor(law: readonly number[], draws: number, risk = 1e-6): number {
  const mean = law.reduce((sum, p) => sum + Math.sqrt((p * (1 - p)) / draws), 0) / 2
  return mean + Math.sqrt(Math.log(1 / risk) / (2 * draws))
}

/** Total variation between counts and a law. Both `[outcomes]`. */
export function distanceToCounts(counts: readonly number[], law: readonly number[]): number {
  const draws = counts.reduce((sum, count) => sum + count, 0)
  return law.reduce((sum, p, outcome) => sum + Math.abs((counts[outcome] ?? 0) / draws - p), 0) / 2
}
