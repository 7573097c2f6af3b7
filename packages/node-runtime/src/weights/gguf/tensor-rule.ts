/** How the rows of a stored tensor become those of the Hugging Face tensor. */
export type TensorLayout =
  | { readonly kind: 'as-stored' }
  /**
   * Query and key rows of architecture `llama`: the two dimensions that rotate together stand side by side, 0 1 2 3 ..., where
   * Hugging Face has them half a head apart. Stored row 2 i + j of a head is row j headDim / 2 + i.
   */
  | { readonly kind: 'rotary-pairs'; readonly headDim: number }
  /** Stored `[out, in]` where Hugging Face has `[in, out]`: the Conv1D matrices of GPT-2. */
  | { readonly kind: 'transposed' }

/** Tensors that a model may lack; of one part it has all or none. */
export type OptionalPart = 'head' | 'attention bias' | 'feed-forward bias'

/** One tensor of an architecture. */
export interface TensorRule {
  /** In the GGUF file. */
  readonly stored: string
  /** In Hugging Face's files of the same model. */
  readonly name: string
  /** As Hugging Face has it, row major. */
  readonly shape: readonly number[]
  readonly layout: TensorLayout
  /** Absent: every model has it. */
  readonly part?: OptionalPart
}
