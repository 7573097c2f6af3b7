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
