/** How the engine computes with a matrix. */
export type MatrixForm =
  | { readonly kind: 'float32' }
  /**
   * Codes of 4 or 8 bits with a float32 scale for each block of a row: scale (code - 8) or scale (code - 128), plus, with
   * `offsets`, a float32 for each block.
   */
  | { readonly kind: 'blocks'; readonly bits: 4 | 8; readonly blockSize: 16 | 32; readonly offsets: boolean }

export type BlockForm = Extract<MatrixForm, { kind: 'blocks' }>

export const float32: MatrixForm = { kind: 'float32' }

export const sameForm = (a: MatrixForm, b: MatrixForm): boolean => JSON.stringify(a) === JSON.stringify(b)

/** Blocks of a row; the last one may be padded. */
export const blocksPerRow = ({ blockSize }: BlockForm, inSize: number): number => Math.ceil(inSize / blockSize)

/** One array of a matrix, row by row. */
export interface MatrixArray {
  readonly part: 'values' | 'codes' | 'scales' | 'offsets'
  readonly bytesPerRow: number
}

/** The arrays that hold a matrix of rows of `inSize` values, in the order in which they lie in a file. */
export function arraysOf(form: MatrixForm, inSize: number): readonly MatrixArray[] {
  if (form.kind === 'float32') return [{ part: 'values', bytesPerRow: 4 * inSize }]
  const blocks = blocksPerRow(form, inSize)
  return [
    { part: 'codes', bytesPerRow: (blocks * form.blockSize * form.bits) / 8 },
    { part: 'scales', bytesPerRow: 4 * blocks },
    ...(form.offsets ? [{ part: 'offsets', bytesPerRow: 4 * blocks } as const] : []),
  ]
}
