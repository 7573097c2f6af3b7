import type { ReadableDtype } from './dtype.ts'
import type { ReadableType } from './gguf/dequantise/dequantise.ts'
import type { TensorLayout } from './gguf/tensor-rule.ts'

/** Rows `[from, to)` of a matrix. */
export interface RowRange {
  readonly from: number
  readonly to: number
}

/**
 * The weights of a model under Hugging Face's names and in its row order, whatever the files. Only headers are in memory; values
 * are read when asked for.
 */
export interface ModelWeights extends AsyncDisposable {
  has(name: string): boolean
  /**
   * Reads one tensor as float32, row major.
   *
   * @param shape what the model's config asks for
   * @throws DsdError naming file and tensor when it is missing or of another shape
   */
  read(name: string, shape: readonly number[]): Promise<Float32Array>
  /** Rows of a matrix as float32. `[to - from, in]` */
  readRows(name: string, range: RowRange): Promise<Float32Array>
  /**
   * How a tensor is stored, for engines that compute with stored weights.
   *
   * @throws DsdError naming file and tensor when it is missing or its number format is not supported
   */
  stored(name: string): StoredTensor
  /** Number of values in all tensors together. */
  countParameters(): Promise<number>
}

export type StoredTensor =
  | {
      readonly format: 'safetensors'
      readonly dtype: ReadableDtype
      readonly path: string
      /** First byte in the file. */
      readonly offset: number
      readonly byteLength: number
      readonly shape: readonly number[]
    }
  | {
      readonly format: 'gguf'
      readonly type: ReadableType
      readonly layout: TensorLayout
      /** As Hugging Face has it; where `layout` is `transposed`, the file has the reverse. */
      readonly shape: readonly number[]
      /**
       * The stored bytes of rows, in the row order of Hugging Face.
       *
       * @throws DsdError where `layout` is `transposed`: the file has columns
       */
      readRows(range: RowRange): Promise<Uint8Array>
    }
