import type { RoundTimer } from '../latency-model/round-timer.ts'
import { matchRuns } from './match-runs.ts'
import type { RecordedPass } from './recorded-pass.ts'

/** What a text takes as a whole; times in whole microseconds. */
export interface ReplayTotals {
  rounds: number
  drafted: number
  /** Drafts that became text. */
  accepted: number
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
  replay(gamma: number, timer: RoundTimer, into: ReplayTotals): void {
    const { promptTokens, maxLength } = this.#pass
    const runs = this.#runs
    const tokens = this.tokens
    const first = Math.max(0, Math.min(gamma, maxLength - promptTokens - 1))
    const opening = {
      rows: promptTokens + first,
      forced: promptTokens - 1,
      draftSteps: first,
      extraBytes: this.#openingBytes,
    }
    let accepted = Math.min(runs[0] ?? 0, first)
    let done = Math.min(accepted + 1, tokens)
    let rounds = 1
    let drafted = first
    timer.startText(this.#sequence)
    let us = timer.us(opening, 0)
    into.firstUs = us
    let bytes = timer.forwardBytes(opening)
    while (done < tokens) {
      const window = Math.max(0, Math.min(gamma, maxLength - promptTokens - done - 1))
      const kept = Math.min(runs[done] ?? 0, window)
      us += timer.windowUs(window + 1, window, us)
      bytes += timer.windowBytes(window + 1)
      done += Math.min(kept + 1, tokens - done)
      rounds++
      drafted += window
      accepted += kept
    }
    into.rounds = rounds
    into.drafted = drafted
    into.accepted = accepted
    into.totalUs = us
    into.forwardBytes = bytes
    into.verdictBytes = rounds * timer.verdictBytes
  }
}
