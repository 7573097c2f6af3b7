/**
 * The `p`-quantile of Student's law with a whole number of degrees of freedom, by halving: its distribution function is a finite sum
 * (Abramowitz and Stegun 26.7.3, 26.7.4). `p` in (0, 1).
 */
export function studentQuantile(p: number, freedom: number): number {
  if (!(p > 0 && p < 1) || !Number.isInteger(freedom) || freedom < 1)
    throw new RangeError(
      `Student's law needs 0 < p < 1 and whole degrees of freedom of at least 1; got ${p}, ${freedom}`,
    )
  if (p < 0.5) return -studentQuantile(1 - p, freedom)
  // Half angles: t = sqrt(freedom) tan(angle), so that the search is over a bounded range.
  let [low, high] = [0, Math.PI / 2]
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2
    if (0.5 + centralMass(middle, freedom) / 2 < p) low = middle
    else high = middle
  }
  return Math.sqrt(freedom) * Math.tan(low)
}

/** P(|T| < t) with t = sqrt(freedom) tan(angle). */
function centralMass(angle: number, freedom: number): number {
  const [sin, cos] = [Math.sin(angle), Math.cos(angle)]
  const odd = freedom % 2 === 1
  let term = odd ? cos : 1
  let sum = freedom === 1 ? 0 : term
  for (let k = odd ? 3 : 2; k < freedom; k += 2) {
    term *= ((k - 1) / k) * cos * cos
    sum += term
  }
  return odd ? (2 / Math.PI) * (angle + sin * sum) : sin * sum
}
