import { type Interval, quantileOfSorted } from './estimate.ts'
import { normalCdf, normalQuantile } from './normal.ts'

export interface BootstrapSample {
  readonly estimate: number
  /** The statistic of each resample, ascending. `[resamples]` */
  readonly replicates: ArrayLike<number>
  /** The statistic with one cluster left out. `[clusters]` */
  readonly leftOut: readonly number[]
  /** How far out the ends lie, in standard errors of a normal law; 1.96 is 95 %. > 0 */
  readonly z: number
}

/**
 * Bias-corrected and accelerated interval (Efron 1987): the quantiles of the replicates at
 * `Phi(z0 + (z0 + z) / (1 - a (z0 + z)))`, with z0 from the share of replicates below the estimate (ties count half) and a, a sixth of
 * the skewness, from the jackknife. The percentile interval where z0 = a = 0, and where the correction is not defined.
 */
export function bcaInterval({ estimate, replicates, leftOut, z }: BootstrapSample): Interval {
  const z0 = biasCorrection(estimate, replicates)
  const a = acceleration(leftOut)
  const at = (end: number): number => {
    const shifted = z0 + end
    const scale = 1 - a * shifted
    return quantileOfSorted(replicates, normalCdf(scale > 0 ? z0 + shifted / scale : end))
  }
  return { estimate, low: Math.min(estimate, at(-z)), high: Math.max(estimate, at(z)) }
}

/** Replicates that differ from the estimate by rounding alone are ties. */
const ROUNDING = 1e-12

function biasCorrection(estimate: number, replicates: ArrayLike<number>): number {
  const slack = ROUNDING * Math.abs(estimate)
  const below = countBelow(replicates, estimate - slack)
  const notAbove = countBelow(replicates, estimate + slack)
  // An estimate beyond all replicates is held as half a replicate from the end.
  const share = (below + notAbove) / (2 * replicates.length)
  const least = 1 / (2 * replicates.length)
  return normalQuantile(Math.min(1 - least, Math.max(least, share)))
}

/** How many sorted values lie below a bound. */
function countBelow(sorted: ArrayLike<number>, bound: number): number {
  let [from, to] = [0, sorted.length]
  while (from < to) {
    const middle = (from + to) >> 1
    if ((sorted[middle] ?? bound) < bound) from = middle + 1
    else to = middle
  }
  return from
}

/** Efron's acceleration; 0 where leaving one out changes nothing, or leaves nothing to compute. */
function acceleration(leftOut: readonly number[]): number {
  const mean = leftOut.reduce((sum, value) => sum + value, 0) / leftOut.length
  let squares = 0
  let cubes = 0
  for (const value of leftOut) {
    const away = mean - value
    squares += away ** 2
    cubes += away ** 3
  }
  const negligible = leftOut.length * (ROUNDING * mean) ** 2
  return squares > negligible && Number.isFinite(squares) ? cubes / (6 * squares ** 1.5) : 0
}
