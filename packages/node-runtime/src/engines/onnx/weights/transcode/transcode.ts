import type { ReadableType } from '../../../../weights/gguf/dequantise/dequantise.ts'
import { halfValues } from '../../../../weights/gguf/dequantise/half.ts'
import { kMinimum, kScale } from '../../../../weights/gguf/dequantise/k-scales.ts'
import type { BlockForm } from '../matrix-form.ts'
import type { BlockRows } from './block-rows.ts'

/** Fills block rows with the very values of stored GGUF blocks: only their layout changes. */
type Transcode = (stored: DataView, out: BlockRows) => void

interface ExactForm {
  readonly form: BlockForm
  readonly transcode: Transcode
}

const blocks = (bits: 4 | 8, blockSize: 16 | 32, offsets = false): BlockForm => ({
  kind: 'blocks',
  bits,
  blockSize,
  offsets,
})

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
const q4_0: Transcode = (stored, { codes, scales }) => {
  const half = halfValues()
  for (let block = 0, at = 0; block < scales.length; block++, at += 18) {
    scales[block] = half[stored.getUint16(at, true)] ?? 0
    pairNibbles(stored, at + 2, codes, block * 16)
  }
}

/** d q + m = d (q - 8) + (m + 8 d) */
const q4_1: Transcode = (stored, { codes, scales, offsets }) => {
  const half = halfValues()
  for (let block = 0, at = 0; block < scales.length; block++, at += 20) {
    const d = half[stored.getUint16(at, true)] ?? 0
    scales[block] = d
    offsets[block] = (half[stored.getUint16(at + 2, true)] ?? 0) + 8 * d
    pairNibbles(stored, at + 4, codes, block * 16)
  }
}

/** d (q - 16) */
const q5_0: Transcode = (stored, { codes, scales }) => {
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

/** d q, q signed */
const q8_0: Transcode = (stored, { codes, scales }) => {
  const half = halfValues()
  for (let block = 0, at = 0; block < scales.length; block++, at += 34) {
    scales[block] = half[stored.getUint16(at, true)] ?? 0
    for (let i = 0; i < 32; i++) codes[block * 32 + i] = stored.getUint8(at + 2 + i) ^ 128
  }
}

/** d scale q - dmin minimum, in groups of 32; 32 bytes hold one group in the low nibbles and the next in the high. */
const q4K: Transcode = (stored, { codes, scales, offsets }) => {
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

/** d scale (q - 32), in groups of 16; where the bits lie: `dequantise/q6-k.ts`. */
const q6K: Transcode = (stored, { codes, scales }) => {
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

const exactForms: Partial<Record<ReadableType, ExactForm>> = {
  Q4_0: { form: blocks(4, 32), transcode: q4_0 },
  Q4_1: { form: blocks(4, 32, true), transcode: q4_1 },
  Q4_K: { form: blocks(4, 32, true), transcode: q4K },
  Q5_0: { form: blocks(8, 32), transcode: q5_0 },
  Q6_K: { form: blocks(8, 16), transcode: q6K },
  Q8_0: { form: blocks(8, 32), transcode: q8_0 },
}

/** The block form that holds a GGUF type without loss, if there is one. */
export const exactForm = (type: ReadableType): ExactForm | undefined => exactForms[type]
