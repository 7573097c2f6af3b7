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
  readonly normEpsilon: number
  readonly rope: Rope
  readonly tensors: DecoderTensors
  readonly bos: TokenId | undefined
  /** Tokens that end a text; may be empty. */
  readonly eos: readonly TokenId[]
}

/** Names of the tensors of a decoder in the weight files. Matrices are stored `[out, in]`. */
export interface DecoderTensors {
  /** `[vocab, hidden]` */
  readonly embedding: string
  layer(index: number): LayerTensors
  /** `[hidden]` */
  readonly finalNorm: string
  /** `[vocab, hidden]`; the embedding itself when the two are tied. */
  readonly head: string
}

export interface LayerTensors {
  /** `[hidden]` */
  readonly attentionNorm: string
  /** `[heads * headDim, hidden]` */
  readonly query: string
  /** `[kvHeads * headDim, hidden]` */
  readonly key: string
  /** `[kvHeads * headDim, hidden]` */
  readonly value: string
  /** `[hidden, heads * headDim]` */
  readonly output: string
  /** `[hidden]` */
  readonly ffnNorm: string
  /** `[ffn, hidden]` */
  readonly gate: string
  /** `[ffn, hidden]` */
  readonly up: string
  /** `[hidden, ffn]` */
  readonly down: string
}
