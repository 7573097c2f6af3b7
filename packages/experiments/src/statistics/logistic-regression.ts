export interface LogisticData {
  /** One row of features each. `[n, features]` */
  readonly rows: readonly (readonly number[])[]
  /** `[n]` */
  readonly positive: readonly boolean[]
}

export interface LogisticModel {
  readonly intercept: number
  /** `[features]` */
  readonly weights: readonly number[]
}

/** Steps of Newton's method; a penalised fit takes fewer than ten. */
const MOST_STEPS = 100
const CLOSE_ENOUGH = 1e-10

/**
 * Logistic regression with a ridge penalty: minimises sum log(1 + exp(-s (a + w x))) + l2 / 2 |w|^2, the intercept free, by Newton's method
 * (iteratively reweighted least squares). The same as scikit-learn's with C = 1 / l2.
 *
 * @param l2 > 0
 * @throws RangeError when nothing or only one kind is given, or `l2` is not positive.
 */
export function fitLogistic({ rows, positive }: LogisticData, l2: number): LogisticModel {
  if (!(l2 > 0)) throw new RangeError(`the penalty has to be positive, got ${l2}`)
  if (!positive.includes(true) || !positive.includes(false)) throw new RangeError('a fit needs both kinds')
  const size = (rows[0]?.length ?? 0) + 1
  const penalty = (index: number): number => (index === 0 ? 0 : l2)
  const beta = new Float64Array(size)
  let loss = Number.POSITIVE_INFINITY
  for (let step = 0; step < MOST_STEPS; step++) {
    const gradient = Float64Array.from(beta, (value, index) => penalty(index) * value)
    const hessian = Array.from({ length: size }, (_, index) => {
      const row = new Float64Array(size)
      row[index] = penalty(index)
      return row
    })
    for (const [index, features] of rows.entries()) {
      accumulate({ features, isPositive: positive[index] === true, beta, gradient, hessian })
    }
    const direction = solveSymmetric(hessian, gradient)
    const before = beta.slice()
    let scale = 1
    for (; scale > 1e-6; scale /= 2) {
      for (const [index, change] of direction.entries()) beta[index] = (before[index] ?? 0) - scale * change
      const now = lossAt({ rows, positive, beta, l2 })
      if (now <= loss) {
        loss = now
        break
      }
    }
    if (Math.max(...direction.map(Math.abs)) * scale < CLOSE_ENOUGH) break
  }
  const [intercept = 0, ...weights] = beta
  return { intercept, weights }
}

/** Probability of a positive. */
export function predictLogistic({ intercept, weights }: LogisticModel, features: readonly number[]): number {
  return 1 / (1 + Math.exp(-weights.reduce((sum, weight, index) => sum + weight * (features[index] ?? 0), intercept)))
}

function logOdds(beta: Float64Array, features: readonly number[]): number {
  return features.reduce((sum, value, index) => sum + (beta[index + 1] ?? 0) * value, beta[0] ?? 0)
}

function lossAt({
  rows,
  positive,
  beta,
  l2,
}: LogisticData & { readonly beta: Float64Array; readonly l2: number }): number {
  const squares = beta.subarray(1).reduce((sum, value) => sum + value * value, 0)
  return rows.reduce(
    (sum, features, index) => {
      const signed = positive[index] === true ? -logOdds(beta, features) : logOdds(beta, features)
      // log(1 + e^s) without overflow.
      return sum + Math.max(0, signed) + Math.log1p(Math.exp(-Math.abs(signed)))
    },
    (l2 / 2) * squares,
  )
}

/** Adds one example to gradient and (lower) Hessian. */
function accumulate({
  features,
  isPositive,
  beta,
  gradient,
  hessian,
}: {
  readonly features: readonly number[]
  readonly isPositive: boolean
  readonly beta: Float64Array
  readonly gradient: Float64Array
  readonly hessian: readonly Float64Array[]
}): void {
  const probability = 1 / (1 + Math.exp(-logOdds(beta, features)))
  const error = probability - (isPositive ? 1 : 0)
  const curvature = probability * (1 - probability)
  const at = (index: number): number => (index === 0 ? 1 : (features[index - 1] ?? 0))
  for (const [index, row] of hessian.entries()) {
    const value = at(index)
    gradient[index] = (gradient[index] ?? 0) + error * value
    for (let other = 0; other <= index; other++) row[other] = (row[other] ?? 0) + curvature * value * at(other)
  }
}

/** Solves a symmetric positive definite system, given by its lower half, by Cholesky's method. Overwrites the matrix. */
function solveSymmetric(lower: readonly Float64Array[], right: Float64Array): Float64Array {
  const size = right.length
  const entry = (row: number, column: number): number => lower[row]?.[column] ?? 0
  for (const [row, values] of lower.entries()) {
    for (let column = 0; column <= row; column++) {
      let sum = entry(row, column)
      for (let k = 0; k < column; k++) sum -= entry(row, k) * entry(column, k)
      // An intercept whose curvature has vanished stays where it is.
      values[column] = row === column ? Math.sqrt(Math.max(sum, Number.MIN_VALUE)) : sum / entry(column, column)
    }
  }
  const solution = right.slice()
  for (let row = 0; row < size; row++) {
    let sum = solution[row] ?? 0
    for (let k = 0; k < row; k++) sum -= entry(row, k) * (solution[k] ?? 0)
    solution[row] = sum / entry(row, row)
  }
  for (let row = size - 1; row >= 0; row--) {
    let sum = solution[row] ?? 0
    for (let k = row + 1; k < size; k++) sum -= entry(k, row) * (solution[k] ?? 0)
    solution[row] = sum / entry(row, row)
  }
  return solution
}
