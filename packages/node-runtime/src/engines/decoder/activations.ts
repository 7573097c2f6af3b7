import { exponential } from './exponential.ts'

/**
 * Gated feed-forward activation (Shazeer 2020): silu(gate) * up for each row.
 *
 * @param gateUp `[rows, 2 * size]`, the gate half first
 * @returns `[rows, size]`
 */
export function swiglu(gateUp: Float32Array, size: number): Float32Array {
  const out = new Float32Array(gateUp.length / 2)
  for (let row = 0; row * size < out.length; row++) {
    const gates = 2 * row * size
    for (let i = 0; i < size; i++) {
      const gate = gateUp[gates + i] as number
      out[row * size + i] = (gate / (1 + exponential(-gate))) * (gateUp[gates + size + i] as number)
    }
  }
  return out
}

/**
 * Gaussian error linear unit (Hendrycks and Gimpel 2016) by its tanh approximation, in place:
 * x / 2 * (1 + tanh(u)) = x / (1 + e^(-2u)), where u = sqrt(2 / pi) (x + 0.044715 x^3).
 */
export function geluTanh(x: Float32Array): Float32Array {
  const twice = 2 * Math.sqrt(2 / Math.PI)
  for (const [i, value] of x.entries()) {
    x[i] = value / (1 + exponential(-twice * (value + 0.044715 * value * value * value)))
  }
  return x
}
