import type { TokenId } from '../tokens.ts'
import type { RoundId, VerdictFrame } from './frames/frame.ts'

/** What a verdict says about the drafts of a round. */
export interface Kept {
  readonly drafted: readonly TokenId[]
  readonly accepted: number
  readonly next: TokenId
}

/** The decisions that keep the text right, one by one, so that a test can take one away. */
export interface CoordinatorGuards {
  /** A verdict on cancelled work is applied to other drafts. */
  answersRound(verdict: VerdictFrame, newest: RoundId): boolean
  /** The correction or bonus token gets lost. */
  committed(kept: Kept): readonly TokenId[]
  /** Number of tokens up to and including the first end-of-text token: what follows it is shown. */
  lengthOfText(tokens: readonly TokenId[], eos: readonly TokenId[]): number
}

export const coordinatorGuards: CoordinatorGuards = {
  answersRound: (verdict, { term, epoch, seq }) =>
    verdict.term === term && verdict.epoch === epoch && verdict.seq === seq,
  committed: ({ drafted, accepted, next }) => [...drafted.slice(0, accepted), next],
  lengthOfText: (tokens, eos) => {
    const end = tokens.findIndex((id) => eos.includes(id))
    return end < 0 ? tokens.length : end + 1
  },
}
