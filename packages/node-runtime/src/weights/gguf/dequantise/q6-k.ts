import { halfValues } from './half.ts'

const BLOCK = 256

/**
 * Block of 16 groups of 16 values: 128 bytes of low nibbles, 64 bytes of upper bit pairs, 16 signed scales, half d. Value:
 * d scale (q - 32). Each half of the block has 64 nibble bytes (values 0-63 low, 64-127 high) and 32 bytes of pairs laid out as
 * the codes of Q2_K.
 */
export function q6K(stored: DataView, out: Float32Array): void {
  const half = halfValues()
  for (let at = 0, to = 0; to < out.length; at += 210, to += BLOCK) {
    const d = half[stored.getUint16(at + 208, true)] ?? 0
    for (let group = 0; group < 16; group++) {
      const scale = d * stored.getInt8(at + 192 + group)
      const within = group & 7
      const low = at + (group >> 3) * 64 + (within & 3) * 16
      const lowShift = (within >> 2) * 4
      const high = at + 128 + (group >> 3) * 32 + (within & 1) * 16
      const highShift = (within >> 1) * 2
      const first = to + group * 16
      for (let i = 0; i < 16; i++) {
        const nibble = (stored.getUint8(low + i) >> lowShift) & 15
        const pair = (stored.getUint8(high + i) >> highShift) & 3
        out[first + i] = scale * ((nibble | (pair << 4)) - 32)
      }
    }
  }
}
