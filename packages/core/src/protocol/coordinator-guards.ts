import type { TokenId } from '../tokens.ts'
import type { RoundId, VerdictFrame } from './frames/frame.ts'
import type { Ledger } from './ledger.ts'

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
  /** A verdict about another text, or another place in it, is applied. */
  agrees(verdict: VerdictFrame, ledger: Ledger, kept: Kept): boolean
  /** The correction or bonus token gets lost. */
  committed(kept: Kept): readonly TokenId[]
  /** A window after a rejection is taken for the continuation of the rejected draft. */
  opensEpoch(verdict: VerdictFrame): boolean
  /** Number of tokens up to and including the first end-of-text token: what follows it is shown. */
  lengthOfText(tokens: readonly TokenId[], eos: readonly TokenId[]): number
}

export const coordinatorGuards: CoordinatorGuards = {
  answersRound: (verdict, { term, epoch, seq }) =>
    verdict.term === term && verdict.epoch === epoch && verdict.seq === seq,
  agrees: ({ position, digest }, { last, digests }, kept) =>
    kept.accepted <= kept.drafted.length &&
    position === last + kept.accepted + 1 &&
    digest === digests.ahead(last + 1, [...kept.drafted.slice(0, kept.accepted), kept.next]),
  committed: ({ drafted, accepted, next }) => [...drafted.slice(0, accepted), next],
  opensEpoch: ({ full }) => !full,
  lengthOfText: (tokens, eos) => {
    const end = tokens.findIndex((id) => eos.includes(id))
    return end < 0 ? tokens.length : end + 1
  },
}
