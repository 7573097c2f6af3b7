import { halfValues } from './half.ts'
import { kMinimum, kScale } from './k-scales.ts'

const BLOCK = 256

/** As Q4_K with 32 bytes of fifth bits before the nibbles: byte i mod 32, bit = group. Value: d scale q - dmin minimum. */
export function q5K(stored: DataView, out: Float32Array): void {
  const half = halfValues()
  for (let at = 0, to = 0; to < out.length; at += 176, to += BLOCK) {
    const d = half[stored.getUint16(at, true)] ?? 0
    const dmin = half[stored.getUint16(at + 2, true)] ?? 0
    for (let group = 0; group < 8; group += 2) {
      const scale = d * kScale(stored, at + 4, group)
      const minimum = dmin * kMinimum(stored, at + 4, group)
      const nextScale = d * kScale(stored, at + 4, group + 1)
      const nextMinimum = dmin * kMinimum(stored, at + 4, group + 1)
      const codes = at + 48 + group * 16
      const first = to + group * 32
      for (let i = 0; i < 32; i++) {
        const pair = stored.getUint8(codes + i)
        const fifths = stored.getUint8(at + 16 + i) >> group
        out[first + i] = scale * ((pair & 15) | ((fifths & 1) << 4)) - minimum
        out[first + 32 + i] = nextScale * ((pair >> 4) | ((fifths & 2) << 3)) - nextMinimum
      }
    }
  }
}
