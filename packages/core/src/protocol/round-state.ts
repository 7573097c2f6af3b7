import type { Proposal } from './coordinator-effects.ts'
import type { WindowFrame } from './frames/frame.ts'

/** A round that waits for its verdict, and what was tried to get it. */
export interface RoundInFlight extends Proposal {
  /** As last planned. */
  readonly windows: readonly WindowFrame[]
  /** Sent again or replayed, in all. */
  readonly retries: number
  /** Since the last replay. */
  readonly resends: number
  readonly replays: number
  /** Answers that a window arrived malformed. */
  readonly badFrames: number
  /** Surveys sent since the last window; 0 while waiting for the verdict. */
  readonly surveys: number
}

export function begunRound({ drafted, laws }: Proposal, windows: readonly WindowFrame[]): RoundInFlight {
  return { drafted, laws, windows, retries: 0, resends: 0, replays: 0, badFrames: 0, surveys: 0 }
}

export function surveyedRound(round: RoundInFlight): RoundInFlight {
  return { ...round, surveys: round.surveys + 1 }
}

export function resentRound(round: RoundInFlight): RoundInFlight {
  return { ...round, resends: round.resends + 1, retries: round.retries + 1 }
}

export function replayedRound(round: RoundInFlight, windows: readonly WindowFrame[]): RoundInFlight {
  return { ...round, windows, retries: round.retries + 1, resends: 0, surveys: 0, replays: round.replays + 1 }
}
