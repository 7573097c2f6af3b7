import { type BlockForm, blocksPerRow } from '../matrix-form.ts'

/** Some whole rows of a matrix in blocks, to be filled; blocks of a row, and then rows, one after the other. */
export interface BlockRows {
  /** 8 bits: one code a byte. 4 bits: two, the first in the low nibble. */
  readonly codes: Uint8Array
  readonly scales: Float32Array
  /** Empty where the form has none. */
  readonly offsets: Float32Array
}

export function emptyBlockRows(form: BlockForm, inSize: number, rows: number): BlockRows {
  const blocks = rows * blocksPerRow(form, inSize)
  return {
    codes: new Uint8Array((blocks * form.blockSize * form.bits) / 8),
    scales: new Float32Array(blocks),
    offsets: new Float32Array(form.offsets ? blocks : 0),
  }
}
