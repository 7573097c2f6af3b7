import type { FailedRound, Patience } from './coordinator-effects.ts'
import type { NackFrame } from './frames/frame.ts'
import type { RoundInFlight } from './round-state.ts'

const MOST_BAD_FRAMES = 3

/** What is done about a round that brought no verdict. */
export type Remedy =
  /** The trouble is of another round. */
  | { readonly try: 'nothing' }
  /** The same bytes again. */
  | { readonly try: 'resend'; readonly round: RoundInFlight }
  /** Ask all nodes where they stand. */
  | { readonly try: 'survey' }
  /** Ids again under a new epoch; `node` is named when patience is at its end. */
  | { readonly try: 'replay'; readonly node: number }
  | { readonly try: 'failure'; readonly failure: FailedRound }

/** Time is up: the same bytes, then a survey, then the first node that is silent is named. */
export function remedyOfSilence(round: RoundInFlight, patience: Patience, silent: readonly number[]): Remedy {
  if (round.surveys === 0 && round.resends < patience.resends) return { try: 'resend', round }
  if (round.surveys < patience.surveys) return { try: 'survey' }
  const [node = 0] = silent
  return { try: 'failure', failure: { node, kind: 'environment', what: 'does not answer' } }
}

/** A node refuses a window. */
export function remedyOfRefusal(nack: NackFrame, round: RoundInFlight): Remedy {
  if (!round.windows.some(({ epoch, seq }) => epoch === nack.epoch && seq === nack.seq)) return { try: 'nothing' }
  const { node, kind, detail } = nack
  switch (nack.reason) {
    case 'bad-frame':
      if (round.badFrames < MOST_BAD_FRAMES) {
        return { try: 'resend', round: { ...round, badFrames: round.badFrames + 1 } }
      }
      return { try: 'failure', failure: { node, kind, what: `refuses the window: ${detail}` } }
    case 'failed':
      return { try: 'failure', failure: { node, kind, what: detail } }
    case 'wrong-plan':
    case 'overloaded':
      return { try: 'failure', failure: { node, kind: 'environment', what: `refuses the text: ${detail}` } }
    default:
      return { try: 'replay', node }
  }
}
