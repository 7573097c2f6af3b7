import { halfValues } from './half.ts'

const BLOCK = 256

/**
 * Block of 16 groups of 16 values: 16 bytes (scale in the low nibble, minimum in the high), 64 bytes of 2-bit codes, half d,
 * half dmin. Value: d scale q - dmin minimum. Each 32 code bytes hold 128 values, by bit pair: the first pair of every byte is
 * values 0-31, the next 32-63, and so on.
 */
export function q2K(stored: DataView, out: Float32Array): void {
  const half = halfValues()
  for (let at = 0, to = 0; to < out.length; at += 84, to += BLOCK) {
    const d = half[stored.getUint16(at + 80, true)] ?? 0
    const dmin = half[stored.getUint16(at + 82, true)] ?? 0
    for (let group = 0; group < 16; group++) {
      const packed = stored.getUint8(at + group)
      const scale = d * (packed & 15)
      const minimum = dmin * (packed >> 4)
      const codes = at + 16 + (group >> 3) * 32 + (group & 1) * 16
      const shift = ((group >> 1) & 3) * 2
      const first = to + group * 16
      for (let i = 0; i < 16; i++) out[first + i] = scale * ((stored.getUint8(codes + i) >> shift) & 3) - minimum
    }
  }
}
