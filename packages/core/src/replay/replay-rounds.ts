import type { DraftedAhead } from '../decoding/target.ts'
import { aheadGamma } from '../drafting/ahead-gamma.ts'
import type { WindowPlan } from '../drafting/drafter.ts'
import { DsdError } from '../errors.ts'
import { matchRuns } from './match-runs.ts'
import type { RecordedPass } from './recorded-pass.ts'

/** A round as it would have been decoded; times and bytes come from a cost model. */
export interface ReplayedRound {
  readonly index: number
  /** Position of the last committed token before the round. */
  readonly committedBefore: number
  readonly rows: number
  readonly forced: number
  readonly drafted: number
  readonly draftSteps: number
  /** Drafts that became text. What a tail keeps beyond the end of the text is not counted. */
  readonly accepted: number
  /** Tokens that became text: `accepted`, and the target's own token unless the text ended before it. */
  readonly committed: number
  /** Set where drafts are made ahead. */
  readonly ahead?: DraftedAhead
}

export interface ReplayOptions {
  /** As in `SpeculativeOptions`. Default false. */
  readonly draftAhead?: boolean
}

/**
 * The rounds of a fixed window of `gamma` drafts over a recorded text, exactly as decoding them would give under a
 * lossless rule whose text does not depend on what was drafted (`greedy`, `coupled`): a window is kept up to its first
 * mismatch with the text. `gamma` 0 is autoregressive decoding.
 *
 * @throws DsdError `bad-input` when the pass holds no text or its two lists differ in length.
 */
export function replayRounds(pass: RecordedPass, gamma: number, options: ReplayOptions = {}): ReplayedRound[] {
  const walk = new ReplayWalk(pass, options)
  const rounds: ReplayedRound[] = []
  while (!walk.ended) rounds.push(walk.next({ gamma }))
  return rounds
}

/** A recorded text, walked round by round under windows that are decided on the way. */
export class ReplayWalk {
  readonly #pass: RecordedPass
  readonly #runs: Int32Array
  readonly #draftAhead: boolean
  /** Of the next window, where it is drafted already. */
  #foreseen: WindowPlan | undefined
  #done = 0
  #rounds = 0

  /** @throws DsdError `bad-input` when the pass holds no text or its two lists differ in length. */
  constructor(pass: RecordedPass, { draftAhead = false }: ReplayOptions = {}) {
    this.#pass = pass
    this.#runs = matchRuns(pass)
    this.#draftAhead = draftAhead
  }

  get ended(): boolean {
    return this.#done >= this.#pass.text.length
  }

  /**
   * @param plan of the window to be drafted next: this one, or the one after it where this one is drafted already
   * @throws DsdError `bad-input` when a doubtful draft is to end the window and the pass knows too few confidences.
   */
  next(plan: WindowPlan): ReplayedRound {
    const { promptTokens, text, maxLength } = this.#pass
    const committedBefore = promptTokens + this.#done - 1
    // A window and the target's own token after it have to fit below maxLength.
    const room = maxLength - committedBefore - 2
    const own = this.#foreseen ?? plan
    const drafted = this.#drafted({
      ...own,
      gamma: Math.max(0, Math.min(own.gamma, room)),
    })
    const run = this.#runs[this.#done] ?? 0
    const accepted = Math.min(run, drafted)
    const foreseen = this.#foreseen !== undefined
    const gamma = this.#draftAhead ? aheadGamma({ gamma: plan.gamma, drafted, room }) : 0
    // The run goes beyond the window: the drafter knows the token that the target adds.
    this.#foreseen = gamma > 0 && run > drafted ? plan : undefined
    const forced = this.#rounds === 0 ? committedBefore : 0
    const committed = Math.min(accepted + 1, text.length - this.#done)
    this.#done += committed
    const rows = forced + 1 + drafted
    const index = this.#rounds++
    return {
      index,
      committedBefore,
      rows,
      forced,
      drafted,
      draftSteps: drafted,
      accepted,
      committed,
      ...(this.#draftAhead && { ahead: { foreseen, steps: gamma === 0 ? 0 : gamma + 1 } }),
    }
  }

  /** How long the window gets: to its end, or up to and with the first draft in doubt. */
  #drafted({ gamma, stopBelow = 0 }: WindowPlan): number {
    if (stopBelow === 0) return gamma
    const { text, confidences } = this.#pass
    if (confidences === undefined) throw unknownConfidence('the pass holds no confidences', gamma)
    const matched = this.#runs[this.#done] ?? 0
    const mismatch = this.#done + matched
    const known = Math.min(matched + (mismatch < text.length ? 1 : 0), gamma)
    for (let place = 0; place < known; place++) {
      if ((confidences.along[this.#done + place] ?? 0) < stopBelow) return place + 1
    }
    const beside = confidences.beside[mismatch] ?? []
    for (let place = known; place < gamma; place++) {
      const confidence = beside[place - known]
      if (confidence === undefined) throw unknownConfidence(`${beside.length} confidences are known there`, gamma)
      if (confidence < stopBelow) return place + 1
    }
    return gamma
  }
}

function unknownConfidence(what: string, gamma: number): DsdError {
  return new DsdError(`a window of ${gamma} is to stop in doubt, and ${what}`, {
    kind: 'bad-input',
    where: 'recorded pass',
    fix: `record it with confidenceDepth ${gamma} or more`,
  })
}
