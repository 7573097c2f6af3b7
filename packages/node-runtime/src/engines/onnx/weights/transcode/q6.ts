import { halfValues } from '../../../../weights/gguf/dequantise/half.ts'
import type { Transcode } from './transcode.ts'

/** d scale (q - 32), in groups of 16; where the bits lie: `dequantise/q6-k.ts`. */
export const q6K: Transcode = (stored, { codes, scales }) => {
  const half = halfValues()
  for (let block = 0, at = 0; block < scales.length; block += 16, at += 210) {
    const d = half[stored.getUint16(at + 208, true)] ?? 0
    for (let group = 0; group < 16; group++) scales[block + group] = d * stored.getInt8(at + 192 + group)
    for (let upper = 0; upper < 2; upper++) {
      const low = at + upper * 64
      const high = at + 128 + upper * 32
      const to = block * 16 + upper * 128
      for (let i = 0; i < 32; i++) {
        const nibbles = stored.getUint8(low + i)
        const nibbles32 = stored.getUint8(low + 32 + i)
        const pairs = stored.getUint8(high + i)
        codes[to + i] = 96 + ((nibbles & 15) | ((pairs & 3) << 4))
        codes[to + 32 + i] = 96 + ((nibbles32 & 15) | ((pairs & 12) << 2))
        codes[to + 64 + i] = 96 + ((nibbles >> 4) | (pairs & 48))
        codes[to + 96 + i] = 96 + ((nibbles32 >> 4) | ((pairs & 192) >> 2))
      }
    }
  }
}
