import type { TokenId } from '../tokens.ts'

/**
 * A probability law over the vocabulary after warping (temperature, top-k, top-p). Holds only the tokens with positive
 * probability, most likely first (ties: lower id first); the dense case is simply `ids.length === vocabSize`.
 */
export interface Distribution {
  readonly vocabSize: number
  /** Support, most likely first. `[support]` */
  readonly ids: Uint32Array
  /** Probabilities in the order of `ids`, summing to 1 within 1e-12. `[support]` */
  readonly probabilities: Float64Array
  /** Probability of a token; 0 outside the support. O(1). */
  probabilityOf(id: TokenId): number
}
