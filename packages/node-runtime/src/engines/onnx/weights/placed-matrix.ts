import type { MatrixArray, MatrixForm } from './matrix-form.ts'

/** An array of a matrix in a file that the engine maps into memory. */
export interface PlacedArray {
  readonly part: MatrixArray['part']
  /** Relative to the folder of all weight files of the shard. */
  readonly file: string
  readonly offset: number
  readonly byteLength: number
}

/** A matrix ready to be computed with. */
export interface PlacedMatrix {
  /** Unique in the shard. */
  readonly name: string
  readonly inSize: number
  readonly outSize: number
  readonly form: MatrixForm
  readonly arrays: readonly PlacedArray[]
  /** `[outSize]` */
  readonly bias: Float32Array | undefined
}

/** Weights of a layer. Matrices of equal input and form are one. */
export interface PlacedLayer {
  /** Positions that its rows attend to; undefined: all. */
  readonly window: number | undefined
  readonly attentionNorm: PlacedNorm
  /** Stacked they are queries, keys and values. */
  readonly queryKeyValue: readonly PlacedMatrix[]
  readonly queryNorm: Float32Array | undefined
  readonly keyNorm: Float32Array | undefined
  readonly output: PlacedMatrix
  readonly ffnNorm: PlacedNorm
  /** Gate and up, or the one of a plain block. */
  readonly feedForwardIn: readonly PlacedMatrix[]
  readonly down: PlacedMatrix
}

export interface PlacedNorm {
  readonly weight: Float32Array
  readonly bias: Float32Array | undefined
}

export interface PlacedHead {
  readonly norm: PlacedNorm
  readonly logits: PlacedMatrix
}
