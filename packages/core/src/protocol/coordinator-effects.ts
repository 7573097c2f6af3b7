import type { Distribution } from '../distribution/distribution.ts'
import type { DsdErrorKind } from '../errors.ts'
import type { TokenId } from '../tokens.ts'
import type { Frame, VerdictFrame, WindowFrame } from './frames/frame.ts'

export interface Proposal {
  readonly drafted: readonly TokenId[]
  readonly laws?: readonly Distribution[] | undefined
}

/** A round whose verdict was applied. */
export interface AppliedRound {
  readonly committedBefore: number
  readonly drafted: readonly TokenId[]
  /** Drafts that became text; what the tail kept beyond the end of the text is not counted. */
  readonly accepted: number
  /** As last sent. */
  readonly windows: readonly WindowFrame[]
  readonly verdict: VerdictFrame
  /** How often it was sent again or replayed. */
  readonly retries: number
}

export interface FailedRound {
  readonly node: number
  readonly kind: DsdErrorKind
  readonly what: string
}

export type CoordinatorEffect =
  | { readonly do: 'send'; readonly to: 'head' | 'all'; readonly frame: Frame }
  | { readonly do: 'apply'; readonly round: AppliedRound }
  | { readonly do: 'fail'; readonly failure: FailedRound }

/** How often each remedy is tried within one round before the next one. */
export interface Patience {
  /** Same bytes again. */
  readonly resends: number
  /** Asking all nodes where they stand. */
  readonly surveys: number
  /** Replaying ids from the longest common prefix. */
  readonly replays: number
}

export const defaultPatience: Patience = { resends: 1, surveys: 2, replays: 8 }
