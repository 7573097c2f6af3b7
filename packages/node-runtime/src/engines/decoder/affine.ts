import type { Matrix, MatrixProducts } from './matrix-products.ts'

/** x -> weights x + bias */
export interface Affine {
  readonly matrix: Matrix
  /** `[outSize]` */
  readonly bias: Float32Array | undefined
}

/** @returns `[rows, outSize]` for rows `[rows, inSize]` */
export function applyAffine(products: MatrixProducts, rows: Float32Array, { matrix, bias }: Affine): Float32Array {
  const out = products.apply(rows, matrix)
  if (bias === undefined) return out
  for (let row = 0; row < out.length; row += bias.length) {
    for (let i = 0; i < bias.length; i++) out[row + i] = (out[row + i] as number) + (bias[i] as number)
  }
  return out
}
