import { halfValues } from '../../../../weights/gguf/dequantise/half.ts'
import { kMinimum, kScale } from '../../../../weights/gguf/dequantise/k-scales.ts'
import type { Transcode } from './transcode.ts'

/** d (q - 16) */
export const q5_0: Transcode = (stored, { codes, scales }) => {
  const half = halfValues()
  for (let block = 0, at = 0; block < scales.length; block++, at += 22) {
    scales[block] = half[stored.getUint16(at, true)] ?? 0
    const fifth = stored.getUint32(at + 2, true)
    const to = block * 32
    for (let i = 0; i < 16; i++) {
      const pair = stored.getUint8(at + 6 + i)
      codes[to + i] = 112 + ((pair & 15) | (((fifth >>> i) & 1) << 4))
      codes[to + 16 + i] = 112 + ((pair >> 4) | (((fifth >>> (16 + i)) & 1) << 4))
    }
  }
}

/** d q + m = d (q - 16) + (m + 16 d) */
export const q5_1: Transcode = (stored, { codes, scales, offsets }) => {
  const half = halfValues()
  for (let block = 0, at = 0; block < scales.length; block++, at += 24) {
    const d = half[stored.getUint16(at, true)] ?? 0
    scales[block] = d
    offsets[block] = (half[stored.getUint16(at + 2, true)] ?? 0) + 16 * d
    const fifth = stored.getUint32(at + 4, true)
    const to = block * 32
    for (let i = 0; i < 16; i++) {
      const pair = stored.getUint8(at + 8 + i)
      codes[to + i] = 112 + ((pair & 15) | (((fifth >>> i) & 1) << 4))
      codes[to + 16 + i] = 112 + ((pair >> 4) | (((fifth >>> (16 + i)) & 1) << 4))
    }
  }
}

/** d scale q - dmin minimum, in groups of 32; where the bits lie: `dequantise/q5-k.ts`. */
export const q5K: Transcode = (stored, { codes, scales, offsets }) => {
  const half = halfValues()
  for (let block = 0, at = 0; block < scales.length; block += 8, at += 176) {
    const d = half[stored.getUint16(at, true)] ?? 0
    const dmin = half[stored.getUint16(at + 2, true)] ?? 0
    for (let group = 0; group < 8; group++) {
      const scale = d * kScale(stored, at + 4, group)
      scales[block + group] = scale
      offsets[block + group] = 16 * scale - dmin * kMinimum(stored, at + 4, group)
      const low = at + 48 + (group >> 1) * 32
      const to = (block + group) * 32
      for (let i = 0; i < 32; i++) {
        const nibble = (stored.getUint8(low + i) >> (4 * (group & 1))) & 15
        const fifth = (stored.getUint8(at + 16 + i) >> group) & 1
        codes[to + i] = 112 + (nibble | (fifth << 4))
      }
    }
  }
}
