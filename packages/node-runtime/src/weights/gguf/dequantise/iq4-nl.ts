import { halfValues } from './half.ts'

const BLOCK = 32

/** Levels of the non-linear 4-bit code (`kvalues_iq4nl` of ggml). */
export const levels = Float32Array.of(-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113)

/** Block: half d, 16 bytes of nibbles as in Q4_0. Value: d levels[q]. */
export function iq4Nl(stored: DataView, out: Float32Array): void {
  const half = halfValues()
  for (let at = 0, to = 0; to < out.length; at += 18, to += BLOCK) {
    const d = half[stored.getUint16(at, true)] ?? 0
    for (let i = 0; i < 16; i++) {
      const pair = stored.getUint8(at + 2 + i)
      out[to + i] = d * (levels[pair & 15] ?? 0)
      out[to + 16 + i] = d * (levels[pair >> 4] ?? 0)
    }
  }
}
