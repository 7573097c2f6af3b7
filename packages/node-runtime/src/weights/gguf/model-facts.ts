/** What GGUF metadata say about a decoder, in the words of the engines. */
export interface ModelFacts extends DecoderSizes {
  readonly architecture: string
  readonly normEpsilon: number
  /** Undefined where positions are learned. */
  readonly rope: RopeFacts | undefined
  /** The head is the embedding: the file has no `output.weight`. */
  readonly tiedHead: boolean
  /** Query, key and value have biases. */
  readonly attentionBias: boolean
  /** The matrices of the feed-forward block have biases. */
  readonly ffnBias: boolean
  readonly bos: number | undefined
  /** Ids that end a text or a turn; may be empty. */
  readonly eos: readonly number[]
}

export interface DecoderSizes {
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
}

/** Rotary positions, for weights in Hugging Face's row order: dimension i turns with i + headDim / 2. */
export type RopeFacts =
  | { readonly kind: 'default'; readonly theta: number }
  /** Positions divided by `factor`. */
  | { readonly kind: 'linear'; readonly theta: number; readonly factor: number }
  /** Llama 3.1; of the file's factors only this choice of parameters gives them. */
  | {
      readonly kind: 'llama3'
      readonly theta: number
      readonly factor: number
      readonly lowFreqFactor: number
      readonly highFreqFactor: number
      readonly originalMaxLength: number
    }
  /** Frequency of each pair divided by its own factor. `[headDim / 2]` */
  | { readonly kind: 'factors'; readonly theta: number; readonly factors: readonly number[] }
