import { aheadGamma } from '../drafting/ahead-gamma.ts'
import { DraftClock } from '../latency-model/draft-clock.ts'
import type { RoundTimer } from '../latency-model/round-timer.ts'
import { matchRuns } from './match-runs.ts'
import type { RecordedPass } from './recorded-pass.ts'
import type { ReplayOptions } from './replay-rounds.ts'

/** What a text takes as a whole; times in whole microseconds. */
export interface ReplayTotals {
  rounds: number
  drafted: number
  /** Drafts that became text. */
  accepted: number
  /** Waiting for drafts. */
  draftUs: number
  totalUs: number
  /** Until the first round has its verdict. */
  firstUs: number
  forwardBytes: number
  verdictBytes: number
}

/** Totals to begin adding with: all zero, a new object each. */
export const noTotals = (): ReplayTotals => ({
  rounds: 0,
  drafted: 0,
  accepted: 0,
  draftUs: 0,
  totalUs: 0,
  firstUs: 0,
  forwardBytes: 0,
  verdictBytes: 0,
})

export interface PassReplayOptions {
  /** Index of the text inside the run; keys jitter and loss. Default 0. */
  readonly sequence?: number
  /** What the session's opening adds to the first window (`openingBytes`). Default 0. */
  readonly openingBytes?: number
}

/** One recorded text made ready to be replayed many times: the sums of `replayText` under fixed windows, without an object a round. */
export class PassReplay {
  readonly tokens: number
  readonly #runs: Int32Array
  readonly #pass: RecordedPass
  readonly #sequence: number
  readonly #openingBytes: number
  readonly #drafts = new DraftClock()

  /** @throws DsdError `bad-input` when the pass holds no text or its two lists differ in length. */
  constructor(pass: RecordedPass, { sequence = 0, openingBytes = 0 }: PassReplayOptions = {}) {
    this.tokens = pass.text.length
    this.#pass = pass
    this.#runs = matchRuns(pass)
    this.#sequence = sequence
    this.#openingBytes = openingBytes
  }

  /**
   * Writes the totals of windows of `gamma` drafts into `into`; 0 is autoregressive decoding.
   * @param timer of the chain; shared by all texts
   */
  replay(gamma: number, timer: RoundTimer, into: ReplayTotals, { draftAhead = false }: ReplayOptions = {}): void {
    const { promptTokens, maxLength } = this.#pass
    const { draftStepMs: stepMs } = timer
    const tokens = this.tokens
    const work = { startUs: 0, steps: 0, stepMs, foreseen: false, aheadSteps: 0 }
    let [done, rounds, drafted, accepted, waited, us, bytes] = [0, 0, 0, 0, 0, 0, 0]
    timer.startText(this.#sequence)
    this.#drafts.startText()
    while (done < tokens) {
      const room = maxLength - promptTokens - done - 1
      const window = Math.max(0, Math.min(gamma, room))
      const run = this.#runs[done] ?? 0
      const kept = Math.min(run, window)
      work.startUs = us
      work.steps = window
      const ahead = draftAhead ? aheadGamma({ gamma, drafted: window, room }) : 0
      work.aheadSteps = ahead > 0 ? ahead + 1 : 0
      const draftUs = this.#drafts.us(work)
      us += draftUs
      waited += draftUs
      work.foreseen = ahead > 0 && run > window
      if (rounds === 0) {
        const opening = { rows: promptTokens + window, forced: promptTokens - 1, extraBytes: this.#openingBytes }
        us += timer.us(opening, us)
        bytes += timer.forwardBytes(opening)
        into.firstUs = us
      } else {
        us += timer.windowUs(window + 1, us)
        bytes += timer.windowBytes(window + 1)
      }
      done += Math.min(kept + 1, tokens - done)
      rounds++
      drafted += window
      accepted += kept
    }
    into.rounds = rounds
    into.drafted = drafted
    into.accepted = accepted
    into.draftUs = waited
    into.totalUs = us
    into.forwardBytes = bytes
    into.verdictBytes = rounds * timer.verdictBytes
  }
}
