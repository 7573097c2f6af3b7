/** Drafts without a model: what followed the last tokens of the text where they occurred before. */
export interface PromptLookupDraft {
  readonly kind: 'prompt-lookup'
  /** Longest run of tokens that is looked up; 1 to 16, defaults to 3. */
  readonly ngram?: number
  /** Shortest one; 1 to `ngram`, defaults to 1. */
  readonly minNgram?: number
}

/** A drafter for `models.draft` that needs no draft model (prompt lookup decoding). */
export function promptLookup(options: Omit<PromptLookupDraft, 'kind'> = {}): PromptLookupDraft {
  return { kind: 'prompt-lookup', ...options }
}
