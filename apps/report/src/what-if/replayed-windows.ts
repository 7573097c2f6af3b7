import {
  autoWindow,
  computeAt,
  noTotals,
  PassReplay,
  type RecordedPass,
  type ReplayTotals,
  RoundTimer,
  replayText,
  type TimedChain,
} from '@dsd-lab/core'
import type { RecordedAnswer } from './recorded-task.ts'

/** Largest window that is tried. */
export const MOST_DRAFTS = 16

/** What a window costs and gains, summed over all texts. */
export interface WindowResult {
  /** 0 is plain decoding; `auto` is the window chosen on the way. */
  readonly gamma: number | 'auto'
  readonly msPerToken: number
  readonly speedup: number
  readonly tokensPerRound: number
  readonly bytesPerToken: number
  readonly firstTokenMs: number
  readonly shares: { readonly draftMs: number; readonly computeMs: number; readonly linkMs: number }
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
  windows(chain: TimedChain): WindowResult[] {
    const timer = new RoundTimer(chain)
    const sums = Array.from({ length: MOST_DRAFTS + 1 }, (_, gamma) => {
      const sum = noTotals()
      const one = noTotals()
      for (const { replay } of this.#texts) {
        replay.replay(gamma, timer, one)
        add(sum, one)
      }
      return sum
    })
    const [plain = noTotals()] = sums
    return sums.map((sum, gamma) => this.#result({ gamma, sum, chain, plain }))
  }

  /** The window chosen on the way, which learns from text to text. */
  auto(chain: TimedChain, plain: WindowResult): WindowResult {
    const window = autoWindow({ maxGamma: MOST_DRAFTS })
    const sum = noTotals()
    for (const { pass, answer } of this.#texts) {
      const rounds = replayText({ pass, window, chain, sequence: answer.sequence, openingBytes: answer.openingBytes })
      for (const { timing, bytes, drafted, accepted } of rounds) {
        sum.rounds++
        sum.drafted += drafted
        sum.accepted += accepted
        sum.totalUs += 1000 * timing.totalMs
        sum.forwardBytes += bytes.forward.reduce((total, one) => total + one, 0)
        sum.verdictBytes += bytes.verdict
      }
      sum.firstUs += 1000 * (rounds[0]?.timing.totalMs ?? 0)
    }
    const result = this.#result({ gamma: 'auto', sum, chain, plain: sum })
    return { ...result, speedup: plain.msPerToken / result.msPerToken }
  }

  #result({
    gamma,
    sum,
    chain,
    plain,
  }: {
    readonly gamma: number | 'auto'
    readonly sum: ReplayTotals
    readonly chain: TimedChain
    readonly plain: ReplayTotals
  }): WindowResult {
    const tokens = this.#texts.reduce((total, { replay }) => total + replay.tokens, 0)
    const prompts = this.#texts.reduce((total, { answer }) => total + answer.promptTokens - 1, 0)
    const draftMs = (sum.drafted * chain.draftStepMs) / tokens
    const rows = sum.rounds + sum.drafted + prompts
    const computeMs = (nodeMs(chain, 'baseMs') * sum.rounds + nodeMs(chain, 'perRowMs') * rows) / tokens
    const msPerToken = sum.totalUs / 1000 / tokens
    return {
      gamma,
      msPerToken,
      speedup: plain.totalUs / sum.totalUs,
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
  sum.totalUs += one.totalUs
  sum.firstUs += one.firstUs
  sum.forwardBytes += one.forwardBytes
  sum.verdictBytes += one.verdictBytes
}
