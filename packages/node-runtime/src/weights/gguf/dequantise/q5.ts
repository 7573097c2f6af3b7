import { halfValues } from './half.ts'

const BLOCK = 32

/** Block: half d, 32 fifth bits, 16 bytes of low nibbles as in Q4_0. Value: d (q - 16). */
export function q5_0(stored: DataView, out: Float32Array): void {
  const half = halfValues()
  for (let at = 0, to = 0; to < out.length; at += 22, to += BLOCK) {
    const d = half[stored.getUint16(at, true)] ?? 0
    const fifth = stored.getUint32(at + 2, true)
    for (let i = 0; i < 16; i++) {
      const pair = stored.getUint8(at + 6 + i)
      out[to + i] = d * (((pair & 15) | (((fifth >>> i) & 1) << 4)) - 16)
      out[to + 16 + i] = d * (((pair >> 4) | (((fifth >>> (16 + i)) & 1) << 4)) - 16)
    }
  }
}

/** Block: half d, half m, 32 fifth bits, 16 bytes of low nibbles. Value: d q + m. */
export function q5_1(stored: DataView, out: Float32Array): void {
  const half = halfValues()
  for (let at = 0, to = 0; to < out.length; at += 24, to += BLOCK) {
    const d = half[stored.getUint16(at, true)] ?? 0
    const m = half[stored.getUint16(at + 2, true)] ?? 0
    const fifth = stored.getUint32(at + 4, true)
    for (let i = 0; i < 16; i++) {
      const pair = stored.getUint8(at + 8 + i)
      out[to + i] = d * ((pair & 15) | (((fifth >>> i) & 1) << 4)) + m
      out[to + 16 + i] = d * ((pair >> 4) | (((fifth >>> (16 + i)) & 1) << 4)) + m
    }
  }
}
