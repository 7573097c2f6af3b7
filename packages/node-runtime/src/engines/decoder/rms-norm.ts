/**
 * Root mean square norm (Zhang and Sennrich 2019) of each row: x / sqrt(mean(x^2) + epsilon) * weight.
 *
 * @param x `[rows, weight.length]`
 */
export function rmsNorm(x: Float32Array, weight: Float32Array, epsilon: number): Float32Array {
  const size = weight.length
  const out = new Float32Array(x.length)
  for (let row = 0; row < x.length; row += size) {
    let squares = 0
    for (let i = row; i < row + size; i++) {
      const value = x[i] as number
      squares += value * value
    }
    const scale = 1 / Math.sqrt(squares / size + epsilon)
    for (let i = 0; i < size; i++) out[row + i] = (x[row + i] as number) * scale * (weight[i] as number)
  }
  return out
}
