import { type BlockForm, blocksPerRow } from '../matrix-form.ts'
import type { BlockRows } from './block-rows.ts'

/**
 * Rounds rows to codes of a block form without offsets. The largest magnitude of a block, with its sign, falls on the lowest
 * code (4 bits: -8, as Q4_0) or on 127 (8 bits, as Q8_0).
 *
 * @param values whole rows of `inSize` values
 */
export function quantise(values: Float32Array, inSize: number, form: BlockForm, out: BlockRows): void {
  const blocks = blocksPerRow(form, inSize)
  const zero = form.bits === 8 ? 128 : 8
  for (let row = 0; row * inSize < values.length; row++) {
    for (let block = 0; block < blocks; block++) {
      const from = row * inSize + block * form.blockSize
      const to = Math.min(from + form.blockSize, (row + 1) * inSize)
      const scale = blockScale(values, from, to, form.bits)
      const index = row * blocks + block
      out.scales[index] = scale
      const inverse = scale === 0 ? 0 : 1 / scale
      for (let i = 0; i < form.blockSize; i++) {
        const value = from + i < to ? (values[from + i] as number) : 0
        const code = Math.min(2 * zero - 1, Math.max(0, Math.round(value * inverse) + zero))
        const at = index * form.blockSize + i
        if (form.bits === 8) out.codes[at] = code
        else out.codes[at >> 1] = (out.codes[at >> 1] as number) | (code << (4 * (at & 1)))
      }
    }
  }
}

function blockScale(values: Float32Array, from: number, to: number, bits: 4 | 8): number {
  let largest = 0
  for (let i = from; i < to; i++) {
    const value = values[i] as number
    if (Math.abs(value) > Math.abs(largest)) largest = value
  }
  return Math.fround(bits === 8 ? Math.abs(largest) / 127 : largest / -8)
}
