import { halfValues } from '../../../../weights/gguf/dequantise/half.ts'
import { kMinimum, kScale } from '../../../../weights/gguf/dequantise/k-scales.ts'
import type { Transcode } from './transcode.ts'

/** Low nibbles are values 0-15 of a block and high nibbles 16-31; here neighbours share a byte. */
function pairNibbles(stored: DataView, at: number, codes: Uint8Array, to: number): void {
  for (let i = 0; i < 8; i++) {
    const even = stored.getUint8(at + 2 * i)
    const odd = stored.getUint8(at + 2 * i + 1)
    codes[to + i] = (even & 15) | ((odd & 15) << 4)
    codes[to + 8 + i] = (even >> 4) | (odd & 0xf0)
  }
}

/** d (q - 8) */
export const q4_0: Transcode = (stored, { codes, scales }) => {
  const half = halfValues()
  for (let block = 0, at = 0; block < scales.length; block++, at += 18) {
    scales[block] = half[stored.getUint16(at, true)] ?? 0
    pairNibbles(stored, at + 2, codes, block * 16)
  }
}

/** d q + m = d (q - 8) + (m + 8 d) */
export const q4_1: Transcode = (stored, { codes, scales, offsets }) => {
  const half = halfValues()
  for (let block = 0, at = 0; block < scales.length; block++, at += 20) {
    const d = half[stored.getUint16(at, true)] ?? 0
    scales[block] = d
    offsets[block] = (half[stored.getUint16(at + 2, true)] ?? 0) + 8 * d
    pairNibbles(stored, at + 4, codes, block * 16)
  }
}

/** d scale q - dmin minimum, in groups of 32; 32 bytes hold one group in the low nibbles and the next in the high. */
export const q4K: Transcode = (stored, { codes, scales, offsets }) => {
  const half = halfValues()
  for (let block = 0, at = 0; block < scales.length; block += 8, at += 144) {
    const d = half[stored.getUint16(at, true)] ?? 0
    const dmin = half[stored.getUint16(at + 2, true)] ?? 0
    for (let group = 0; group < 8; group++) {
      const scale = d * kScale(stored, at + 4, group)
      scales[block + group] = scale
      offsets[block + group] = 8 * scale - dmin * kMinimum(stored, at + 4, group)
    }
    for (let pair = 0; pair < 4; pair++) {
      const from = at + 16 + pair * 32
      const to = (block + 2 * pair) * 16
      for (let i = 0; i < 16; i++) {
        const even = stored.getUint8(from + 2 * i)
        const odd = stored.getUint8(from + 2 * i + 1)
        codes[to + i] = (even & 15) | ((odd & 15) << 4)
        codes[to + 16 + i] = (even >> 4) | (odd & 0xf0)
      }
    }
  }
}
