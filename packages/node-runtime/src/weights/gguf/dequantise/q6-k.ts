import { halfValues } from './half.ts'

const BLOCK = 256

/**
 * Block of 16 groups of 16 values: 128 bytes of low nibbles, 64 bytes of upper bit pairs, 16 signed scales, half d. Value:
 * d scale (q - 32). Each half of the block has 64 nibble bytes (values 0-63 low, 64-127 high) and 32 bytes of pairs laid out as
 * the codes of Q2_K; so two nibble bytes and one byte of pairs make the four values that stand 32 apart.
 */
export function q6K(stored: DataView, out: Float32Array): void {
  const half = halfValues()
  for (let at = 0, to = 0; to < out.length; at += 210, to += BLOCK) {
    const d = half[stored.getUint16(at + 208, true)] ?? 0
    for (let column = 0; column < 4; column++) {
      const upper = column >> 1
      const within = (column & 1) * 16
      const scales = at + 192 + upper * 8 + (column & 1)
      const scale0 = d * stored.getInt8(scales)
      const scale32 = d * stored.getInt8(scales + 2)
      const scale64 = d * stored.getInt8(scales + 4)
      const scale96 = d * stored.getInt8(scales + 6)
      const low = at + upper * 64 + within
      const high = at + 128 + upper * 32 + within
      const first = to + upper * 128 + within
      for (let i = 0; i < 16; i++) {
        const nibbles = stored.getUint8(low + i)
        const nibbles32 = stored.getUint8(low + 32 + i)
        const pairs = stored.getUint8(high + i)
        out[first + i] = scale0 * (((nibbles & 15) | ((pairs & 3) << 4)) - 32)
        out[first + 32 + i] = scale32 * (((nibbles32 & 15) | ((pairs & 12) << 2)) - 32)
        out[first + 64 + i] = scale64 * (((nibbles >> 4) | (pairs & 48)) - 32)
        out[first + 96 + i] = scale96 * (((nibbles32 >> 4) | ((pairs & 192) >> 2)) - 32)
      }
    }
  }
}
