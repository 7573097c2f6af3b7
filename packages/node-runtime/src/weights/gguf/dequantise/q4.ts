import { halfValues } from './half.ts'

const BLOCK = 32

/** Block: half d, 16 bytes whose low nibbles are values 0-15 and high nibbles 16-31. Value: d (q - 8). */
export function q4_0(stored: DataView, out: Float32Array): void {
  const half = halfValues()
  for (let at = 0, to = 0; to < out.length; at += 18, to += BLOCK) {
    const d = half[stored.getUint16(at, true)] ?? 0
    for (let i = 0; i < 16; i++) {
      const pair = stored.getUint8(at + 2 + i)
      out[to + i] = d * ((pair & 15) - 8)
      out[to + 16 + i] = d * ((pair >> 4) - 8)
    }
  }
}

/** Block: half d, half m, 16 bytes of nibbles as in Q4_0. Value: d q + m. */
export function q4_1(stored: DataView, out: Float32Array): void {
  const half = halfValues()
  for (let at = 0, to = 0; to < out.length; at += 20, to += BLOCK) {
    const d = half[stored.getUint16(at, true)] ?? 0
    const m = half[stored.getUint16(at + 2, true)] ?? 0
    for (let i = 0; i < 16; i++) {
      const pair = stored.getUint8(at + 4 + i)
      out[to + i] = d * (pair & 15) + m
      out[to + 16 + i] = d * (pair >> 4) + m
    }
  }
}
