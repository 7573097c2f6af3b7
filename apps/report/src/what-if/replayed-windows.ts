import {
  autoWindow,
  computeAt,
  noTotals,
  PassReplay,
  type RecordedPass,
  type ReplayOptions,
  type ReplayTotals,
  RoundTimer,
  replayText,
  type TimedChain,
} from '@dsd-lab/core'
import { bootstrapOfSums, type Interval } from '@dsd-lab/experiments/statistics'
import type { RecordedAnswer } from './recorded-task.ts'

/** Largest window that is tried. */
export const MOST_DRAFTS = 16

/** What a window costs and gains, summed over all texts. */
export interface WindowResult {
  /** 0 is plain decoding; `auto` is the window chosen on the way. */
  readonly gamma: number | 'auto'
  readonly msPerToken: number
  /** Time of each text, us. `[texts]` */
  readonly textUs: readonly number[]
  /** Over plain decoding of the same texts; the interval is one over texts. */
  readonly speedup: Interval
  readonly tokensPerRound: number
  readonly bytesPerToken: number
  readonly firstTokenMs: number
  readonly shares: { readonly draftMs: number; readonly computeMs: number; readonly linkMs: number }
}

/** A page is drawn anew within a blink. */
const RESAMPLES = 500

interface Replayed {
  readonly gamma: number | 'auto'
  readonly sum: ReplayTotals
  /** `[texts]` */
  readonly textUs: readonly number[]
}

interface ReplayableAnswer {
  readonly pass: RecordedPass
  readonly replay: PassReplay
  readonly answer: RecordedAnswer
}

/** Recorded texts made ready once, then replayed on network after network. */
export class RecordedAnswers {
  readonly #texts: readonly ReplayableAnswer[]

  constructor(answers: readonly RecordedAnswer[]) {
    this.#texts = answers.map((answer) => {
      const pass = passOf(answer)
      return { answer, pass, replay: new PassReplay(pass, answer) }
    })
  }

  /** Plain decoding and every window up to the largest, `[MOST_DRAFTS + 1]`. */
  windows(chain: TimedChain, options: ReplayOptions): WindowResult[] {
    const timer = new RoundTimer(chain)
    const replays = Array.from({ length: MOST_DRAFTS + 1 }, (_, gamma): Replayed => {
      const sum = noTotals()
      const one = noTotals()
      const textUs = this.#texts.map(({ replay }) => {
        replay.replay(gamma, timer, one, options)
        add(sum, one)
        return one.totalUs
      })
      return { gamma, sum, textUs }
    })
    const plainUs = replays[0]?.textUs ?? []
    return replays.map((replayed) => this.#result({ replayed, chain, plainUs }))
  }

  /** The window chosen on the way, which learns from text to text. `plainUs` are the times of plain decoding, `[texts]`. */
  auto(chain: TimedChain, plainUs: readonly number[], { draftAhead = false }: ReplayOptions): WindowResult {
    const window = autoWindow({ maxGamma: MOST_DRAFTS })
    const sum = noTotals()
    const textUs = this.#texts.map(({ pass, answer }) => {
      const before = sum.totalUs
      const { sequence, openingBytes } = answer
      const rounds = replayText({ pass, window, chain, sequence, openingBytes, draftAhead })
      for (const { timing, bytes, drafted, accepted } of rounds) {
        sum.rounds++
        sum.drafted += drafted
        sum.accepted += accepted
        sum.draftUs += 1000 * timing.draftMs
        sum.totalUs += 1000 * timing.totalMs
        sum.forwardBytes += bytes.forward.reduce((total, one) => total + one, 0)
        sum.verdictBytes += bytes.verdict
      }
      sum.firstUs += 1000 * (rounds[0]?.timing.totalMs ?? 0)
      return sum.totalUs - before
    })
    return this.#result({ replayed: { gamma: 'auto', sum, textUs }, chain, plainUs })
  }

  #result({
    replayed: { gamma, sum, textUs },
    chain,
    plainUs,
  }: {
    readonly replayed: Replayed
    readonly chain: TimedChain
    readonly plainUs: readonly number[]
  }): WindowResult {
    const tokens = this.#texts.reduce((total, { replay }) => total + replay.tokens, 0)
    const prompts = this.#texts.reduce((total, { answer }) => total + answer.promptTokens - 1, 0)
    const draftMs = sum.draftUs / 1000 / tokens
    const rows = sum.rounds + sum.drafted + prompts
    const computeMs = (nodeMs(chain, 'baseMs') * sum.rounds + nodeMs(chain, 'perRowMs') * rows) / tokens
    const msPerToken = sum.totalUs / 1000 / tokens
    return {
      gamma,
      msPerToken,
      speedup: bootstrapOfSums({
        columns: [plainUs, textUs],
        resamples: RESAMPLES,
        combine: ([before = 0, after = 0]) => before / after,
      }),
      textUs,
      tokensPerRound: tokens / sum.rounds,
      bytesPerToken: (sum.forwardBytes + sum.verdictBytes) / tokens,
      firstTokenMs: sum.firstUs / 1000 / this.#texts.length,
      shares: { draftMs, computeMs, linkMs: Math.max(0, msPerToken - draftMs - computeMs) },
    }
  }
}

/** Rounds hang on where drafts match, never on which tokens they are. */
function passOf({ promptTokens, maxLength, matches }: RecordedAnswer): RecordedPass {
  return {
    promptTokens,
    maxLength,
    text: Array.from(matches, () => 1),
    drafts: Array.from(matches, Number),
  }
}

function nodeMs({ compute, nodes }: TimedChain, part: 'baseMs' | 'perRowMs'): number {
  return Array.from({ length: nodes }, (_, node) => computeAt(compute, node)[part]).reduce((sum, ms) => sum + ms, 0)
}

function add(sum: ReplayTotals, one: ReplayTotals): void {
  sum.rounds += one.rounds
  sum.drafted += one.drafted
  sum.accepted += one.accepted
  sum.draftUs += one.draftUs
  sum.totalUs += one.totalUs
  sum.firstUs += one.firstUs
  sum.forwardBytes += one.forwardBytes
  sum.verdictBytes += one.verdictBytes
}
