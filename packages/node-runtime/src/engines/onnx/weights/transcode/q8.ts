import { halfValues } from '../../../../weights/gguf/dequantise/half.ts'
import { levels } from '../../../../weights/gguf/dequantise/iq4-nl.ts'
import type { Transcode } from './transcode.ts'

/** d q, q signed */
export const q8_0: Transcode = (stored, { codes, scales }) => {
  const half = halfValues()
  for (let block = 0, at = 0; block < scales.length; block++, at += 34) {
    scales[block] = half[stored.getUint16(at, true)] ?? 0
    for (let i = 0; i < 32; i++) codes[block * 32 + i] = stored.getUint8(at + 2 + i) ^ 128
  }
}

/** d levels[q]: sixteen levels of 8 bits. */
export const iq4Nl: Transcode = (stored, { codes, scales }) => {
  const half = halfValues()
  for (let block = 0, at = 0; block < scales.length; block++, at += 18) {
    scales[block] = half[stored.getUint16(at, true)] ?? 0
    for (let i = 0; i < 16; i++) {
      const pair = stored.getUint8(at + 2 + i)
      codes[block * 32 + i] = 128 + (levels[pair & 15] ?? 0)
      codes[block * 32 + 16 + i] = 128 + (levels[pair >> 4] ?? 0)
    }
  }
}
