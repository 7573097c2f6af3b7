import type { TokenId } from '@dsd-lab/core'
import type { Rope } from './rope.ts'

/** What an engine needs to know to build a decoder: sizes, constants and where its weights are. */
export interface ModelConfig {
  /** `model_type` of config.json, as `llama`. */
  readonly architecture: string
  readonly vocabSize: number
  readonly hiddenSize: number
  readonly layers: number
  /** Query heads. */
  readonly heads: number
  /** Key/value heads; divides `heads`. */
  readonly kvHeads: number
  readonly headDim: number
  /** Width of the feed-forward block. */
  readonly ffnSize: number
  /** Largest number of positions. */
  readonly maxLength: number
  /** Of every norm of the residual stream, and of single heads. `rms`: root mean square. `layer`: mean and variance. */
  readonly norm: { readonly kind: 'rms' | 'layer'; readonly epsilon: number }
  readonly positions: Positions
  /** Positions that the rows of a layer attend to, their own the last of them; undefined: all. Absent: all in every layer. */
  readonly window?: AttentionWindow
  readonly feedForward: FeedForward
  readonly tensors: DecoderTensors
  readonly bos: TokenId | undefined
  /** Tokens that end a text; may be empty. */
  readonly eos: readonly TokenId[]
}

export type AttentionWindow = (layer: number) => number | undefined

/** How rows learn where they stand. */
export type Positions =
  /** Queries and keys are rotated. */
  | { readonly kind: 'rotary'; readonly rope: Rope }
  /** A row of `tensor` is added to each embedding. `[maxLength, hidden]` */
  | { readonly kind: 'learned'; readonly tensor: string }

export type FeedForward =
  /** down(activation(gate(x)) * up(x)) */
  | { readonly kind: 'gated'; readonly activation: 'silu' }
  /** down(activation(in(x))) */
  | { readonly kind: 'plain'; readonly activation: 'gelu-tanh' }

/** Names of the tensors of a decoder in the weight files. */
export interface DecoderTensors {
  /** `[vocab, hidden]` */
  readonly embedding: string
  layer(index: number): LayerTensors
  /** `[hidden]` */
  readonly finalNorm: NormTensors
  /** `[vocab, hidden]`; the embedding itself when the two are tied. */
  readonly head: string
}

export interface LayerTensors {
  /** `[hidden]` */
  readonly attentionNorm: NormTensors
  /**
   * Matrices whose rows, stacked, are queries, keys and values: three of them, or one packed.
   * `[(heads + 2 * kvHeads) * headDim, hidden]`
   */
  readonly queryKeyValue: readonly MatrixTensor[]
  /** RMS norm of each query head before the rotation (Qwen3). `[headDim]` */
  readonly queryNorm?: string
  /** The same of each key head. `[headDim]` */
  readonly keyNorm?: string
  /** `[hidden, heads * headDim]` */
  readonly output: MatrixTensor
  /** `[hidden]` */
  readonly ffnNorm: NormTensors
  /** Gated: gate then up, stacked, `[2 * ffn, hidden]`; plain: one, `[ffn, hidden]`. */
  readonly feedForwardIn: readonly MatrixTensor[]
  /** `[hidden, ffn]` */
  readonly down: MatrixTensor
}

/** A matrix of a weight file, with its bias if it has one. */
export interface MatrixTensor {
  readonly name: string
  /** Length of the rows that it gives. */
  readonly outSize: number
  /** `[outSize]` */
  readonly bias?: string
  /** Order of the dimensions in the file. Default `out-in`; the Conv1D of GPT-2 has `in-out`. */
  readonly stored?: 'out-in' | 'in-out'
}

export interface NormTensors {
  readonly weight: string
  /** Of a layer norm. */
  readonly bias?: string
}
