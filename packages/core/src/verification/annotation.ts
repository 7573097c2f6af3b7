/** Where a committed token came from. `target`: plain autoregressive decoding; `relaxed`: a draft kept against the target's own choice. */
export const TOKEN_ORIGINS = ['target', 'draft', 'relaxed', 'correction', 'bonus'] as const
export type TokenOrigin = (typeof TOKEN_ORIGINS)[number]

/** Reasons a position counts as semantically important, in the order of their bits on the wire. */
export const IMPORTANCE_REASONS = [
  'low-entropy',
  'high-entropy',
  'margin',
  'draft-gap',
  'divergence',
  'number',
  'operator',
  'name',
  'negation',
  'keyword',
  'identifier',
  'user',
  'negative-logits',
] as const
export type ImportanceReason = (typeof IMPORTANCE_REASONS)[number]

/** What the tail tells about one judged token, for traces and the token view. About 16 bytes on the wire when asked for. */
export interface Annotation {
  readonly origin: TokenOrigin
  /** Semantic importance in [0, 1], or undefined for rules that do not score. */
  readonly importance?: number
  /** Why it counts as important; empty when it does not. */
  readonly reasons?: readonly ImportanceReason[]
  /** Entropy of the untempered target law, nats. */
  readonly entropyNats?: number
  /** Gap of the two largest target logits, nats. */
  readonly marginNats?: number
}

/** Token classes in the order of the `tokenClasses` table. */
export const TOKEN_CLASSES = [
  'other',
  'number',
  'operator',
  'identifier',
  'keyword',
  'name',
  'negation',
  'connective',
  'function-word',
  'punctuation',
  'whitespace',
] as const
export type TokenClass = (typeof TOKEN_CLASSES)[number]
