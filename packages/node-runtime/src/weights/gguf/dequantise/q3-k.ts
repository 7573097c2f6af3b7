import { halfValues } from './half.ts'

const BLOCK = 256

/**
 * Block of 16 groups of 16 values: 32 bytes of third bits, 64 bytes of 2-bit codes laid out as in Q2_K, 12 bytes of 6-bit
 * scales, half d. Value: d (scale - 32) (q - 4), where the third bit of q is 4. Third bits: byte i mod 32, one bit per 32 values.
 */
export function q3K(stored: DataView, out: Float32Array): void {
  const half = halfValues()
  for (let at = 0, to = 0; to < out.length; at += 110, to += BLOCK) {
    const d = half[stored.getUint16(at + 108, true)] ?? 0
    for (let group = 0; group < 16; group++) {
      const scale = d * (groupScale(stored, at + 96, group) - 32)
      const column = (group & 1) * 16
      const codes = at + 32 + (group >> 3) * 32 + column
      const shift = ((group >> 1) & 3) * 2
      const third = group >> 1
      const first = to + group * 16
      for (let i = 0; i < 16; i++) {
        const low = (stored.getUint8(codes + i) >> shift) & 3
        const high = (stored.getUint8(at + column + i) >> third) & 1
        out[first + i] = scale * ((low | (high << 2)) - 4)
      }
    }
  }
}

/** Low four bits in the nibbles of bytes 0-7, the upper two in the bit pairs of bytes 8-11. In [0, 63] */
function groupScale(stored: DataView, at: number, group: number): number {
  const low = (stored.getUint8(at + (group & 7)) >> ((group >> 3) * 4)) & 15
  const high = (stored.getUint8(at + 8 + (group & 3)) >> ((group >> 2) * 2)) & 3
  return low | (high << 4)
}
