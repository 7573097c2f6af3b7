import type { TokenId } from '../tokens.ts'
import type { Annotation } from '../verification/annotation.ts'
import type { Round } from './target.ts'

/** Why a text ended: an end-of-text token, or no room for more. An aborted text has no last commit; its loop throws. */
export type FinishReason = 'eos' | 'length'

/** What a loop yields: the tokens of one round that became part of the text, cut at the first end-of-text token. */
export interface Commit {
  /** Position of `tokens[0]`. */
  readonly position: number
  readonly tokens: readonly TokenId[]
  /** One per token. */
  readonly annotations: readonly Annotation[]
  readonly round: Round
  /** Set on the last commit of a text. */
  readonly finish?: FinishReason
}
