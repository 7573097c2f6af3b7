import type { RoundBytes, RoundTiming } from '../decoding/target.ts'
import type { WindowPolicy } from '../drafting/window-controller.ts'
import { DraftClock, draftWork } from '../latency-model/draft-clock.ts'
import { costOf, type TimedChain } from '../latency-model/round-timer.ts'
import type { RecordedPass } from './recorded-pass.ts'
import { type ReplayedRound, ReplayWalk } from './replay-rounds.ts'

/** A replayed round on a network. */
export interface TimedReplayedRound extends ReplayedRound {
  readonly timing: RoundTiming
  readonly bytes: RoundBytes
}

export interface ReplayTextRequest {
  readonly pass: RecordedPass
  readonly window: WindowPolicy
  /** One chain for the whole text, or the chain that a round meets. */
  readonly chain: TimedChain | ((round: { readonly index: number; readonly startMs: number }) => TimedChain)
  /** Index of the text inside the run; keys jitter and loss. Default 0. */
  readonly sequence?: number
  /** What the session's opening adds to the first window (`openingBytes`). Default 0. */
  readonly openingBytes?: number
  /** As in `SpeculativeOptions`. Default false. */
  readonly draftAhead?: boolean
}

/**
 * The rounds of a recorded text under any window controller, on any chain, exactly as a decoding on the virtual clock would have
 * them: lengths, bytes, and microseconds, with the controller told of each round what it would have seen.
 *
 * @throws DsdError `bad-input` for a pass without text, or without the confidences that the controller stops at.
 */
export function replayText(request: ReplayTextRequest): TimedReplayedRound[] {
  const { pass, window, chain, sequence = 0, openingBytes = 0, draftAhead = false } = request
  const walk = new ReplayWalk(pass, { draftAhead })
  const drafts = new DraftClock()
  const controller = window()
  const rounds: TimedReplayedRound[] = []
  let startMs = 0
  while (!walk.ended) {
    const round = walk.next(controller.plan())
    const met = typeof chain === 'function' ? chain({ index: round.index, startMs }) : chain
    const { timing, bytes } = costOf({
      chain: met,
      round: { ...round, extraBytes: round.index === 0 ? openingBytes : 0 },
      startMs,
      draftUs: drafts.us({ ...draftWork(round, startMs), stepMs: met.draftStepMs }),
      sequence,
    })
    if (!walk.ended) controller.observe({ ...round, retries: 0, timing })
    rounds.push({ ...round, timing, bytes })
    // Costs are whole microseconds; so are their sums.
    startMs = Math.round(1000 * (startMs + timing.totalMs)) / 1000
  }
  return rounds
}
