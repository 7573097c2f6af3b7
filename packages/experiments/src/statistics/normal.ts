/** Distribution function of the standard normal law; relative error below 1e-13 in either tail. */
export function normalCdf(x: number): number {
  const half = upperTail(Math.abs(x))
  return x > 0 ? 1 - half : half
}

/**
 * P(X > x) for x > 0: below 3 by the series of the density (Abramowitz and Stegun 26.2.11), above by the continued fraction 26.2.14,
 * evaluated from its end.
 */
function upperTail(x: number): number {
  const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)
  if (x < 3) {
    let term = x
    let sum = x
    for (let k = 3; term > sum * 1e-17; k += 2) {
      term *= (x * x) / k
      sum += term
    }
    return 0.5 - density * sum
  }
  let fraction = x
  for (let k = 80; k >= 1; k--) fraction = x + k / fraction
  return density / fraction
}

/**
 * The `p`-quantile of the standard normal law; relative error about 1e-16 (Wichura 1988, algorithm AS 241, PPND16). `p` in [0, 1]; infinite at
 * both ends.
 */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`a probability lies in [0, 1]; got ${p}`)
  const q = p - 0.5
  if (Math.abs(q) <= 0.425) return q * ratio(CENTRAL, 0.180625 - q * q)
  const tail = Math.min(p, 1 - p)
  if (tail === 0) return q < 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  const r = Math.sqrt(-Math.log(tail))
  const x = r <= 5 ? ratio(MIDDLE, r - 1.6) : ratio(FAR, r - 5)
  return q < 0 ? -x : x
}

interface Rational {
  /** Coefficients, highest power first. */
  readonly above: readonly number[]
  readonly below: readonly number[]
}

function ratio({ above, below }: Rational, x: number): number {
  const at = (coefficients: readonly number[]): number => coefficients.reduce((sum, one) => sum * x + one, 0)
  return at(above) / at(below)
}

const CENTRAL: Rational = {
  above: [
    2509.0809287301227, 33430.57558358813, 67265.7709270087, 45921.95393154987, 13731.69376550946, 1971.5909503065513,
    133.14166789178438, 3.3871328727963665,
  ],
  below: [
    5226.495278852546, 28729.085735721943, 39307.89580009271, 21213.794301586597, 5394.196021424751, 687.1870074920579,
    42.31333070160091, 1,
  ],
}
const MIDDLE: Rational = {
  above: [
    0.0007745450142783414, 0.022723844989269184, 0.2417807251774506, 1.2704582524523684, 3.6478483247632045,
    5.769497221460691, 4.630337846156546, 1.4234371107496835,
  ],
  below: [
    1.0507500716444169e-9, 0.0005475938084995345, 0.015198666563616457, 0.14810397642748008, 0.6897673349851,
    1.6763848301838038, 2.053191626637759, 1,
  ],
}
const FAR: Rational = {
  above: [
    2.0103343992922881e-7, 0.000027115555687434876, 0.0012426609473880784, 0.026532189526576124, 0.29656057182850487,
    1.7848265399172913, 5.463784911164114, 6.657904643501103,
  ],
  below: [
    2.0442631033899397e-15, 1.421511758316446e-7, 0.000018463183175100548, 0.0007868691311456133, 0.014875361290850615,
    0.1369298809227358, 0.599832206555888, 1,
  ],
}
