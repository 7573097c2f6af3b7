import type { TokenId } from '../tokens.ts'

/**
 * One text of a lossless arm: what the target writes, and what the draft model would have drafted at each place after
 * the true prefix. Under `greedy` and `coupled` both are functions of (seed, prompt, models) alone, so every window size
 * and every network can be recomputed from this exactly.
 */
export interface RecordedPass {
  readonly promptTokens: number
  /** The answer, end-of-text token included. */
  readonly text: readonly TokenId[]
  /** `drafts[i]`: the drafted token at the place of `text[i]`, given the prompt and `text[0..i-1]`. `[text]` */
  readonly drafts: readonly TokenId[]
  /** Largest total length, prompt included, as the text was decoded with. */
  readonly maxLength: number
  /** Needed only by controllers that stop at a doubtful draft. */
  readonly confidences?: RecordedConfidences
}

/** How sure the draft model was of what it drafted: its probability of the token at temperature 1. */
export interface RecordedConfidences {
  /** Of `drafts[i]`. `[text]` */
  readonly along: readonly number[]
  /**
   * Of what the draft model goes on with after `drafts[i]`, where that is not the text, and, as the last entry, after the whole text:
   * a window runs on there until it is full or in doubt. Empty where the draft is the text. `[text + 1][depth]`
   */
  readonly beside: readonly (readonly number[])[]
}
