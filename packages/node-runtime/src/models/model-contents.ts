import type { TextTokenizer } from '../tokenizers/tokenizer.ts'
import type { ModelWeights } from '../weights/model-weights.ts'
import type { ModelConfig } from './model-config.ts'

/** What is in a model's folder or file. */
export interface ModelContents {
  /** The folder, or the GGUF file. */
  readonly path: string
  readonly format: 'safetensors' | 'gguf'
  readonly config: ModelConfig
  readonly parameters: number
  readonly weightFiles: readonly WeightFile[]
  /** Size of the weight files together. */
  readonly weightBytes: number
  /** As the model says it, for example `apache-2.0`; undefined where it does not. */
  readonly licence: string | undefined
  /** Opens the weight files; dispose of it when the tensors are read. */
  openWeights(): Promise<ModelWeights>
  /** Loads the tokenizer on the first call. */
  tokenizer(): Promise<TextTokenizer>
  /** SHA-256 over config, tokenizer and weights, hexadecimal; of a GGUF file that of the file. Computed on the first call. */
  digest(): Promise<string>
}

export interface WeightFile {
  readonly path: string
  readonly bytes: number
}

/** Does a thing when it is asked for the first time, and again where it failed. */
export function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => {
    made ??= make().catch((error: unknown) => {
      made = undefined
      throw error
    })
    return made
  }
}
