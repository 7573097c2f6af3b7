/** A weight matrix inside the tensor engine. */
export interface Matrix {
  /** Length of the rows that it takes. */
  readonly inSize: number
  /** Length of the rows that it gives. */
  readonly outSize: number
  dispose(): void
}

export interface ProductShape {
  readonly rows: number
  /** Length of the dot products. */
  readonly inner: number
  readonly columns: number
}

/**
 * What a decoder asks of a tensor engine: all its large sums. Everything else is arithmetic on single rows, done in
 * float64 beside it, so that only these two products can make a row's bits depend on the rows beside it.
 */
export interface MatrixProducts {
  /** Makes this engine the one that the tensor package computes with; needed before the products of a forward pass. */
  activate(): void
  /** @param weights stored `[outSize, inSize]`, as in the weight files */
  place(weights: Float32Array, shape: { readonly inSize: number; readonly outSize: number }): Matrix
  /** @returns `[rows, outSize]` for rows `[rows, inSize]` */
  apply(rows: Float32Array, matrix: Matrix): Float32Array
  /** @returns `[rows, columns]` for left `[rows, inner]` and right `[inner, columns]` */
  multiply(left: Float32Array, right: Float32Array, shape: ProductShape): Float32Array
}
