import { meanDraftMs } from '../../latency-model/mean-draft.ts'
import type { ObservedRound } from '../window-controller.ts'
import { ChangeDetector } from './change-detector.ts'
import { LineFit } from './line-fit.ts'

/** One round without a prompt, as it is fitted. */
interface Sample {
  readonly rows: number
  readonly computeMs: number
  readonly wayMs: number
}

/** Weight of a round after the next one. */
const DISCOUNT = 0.97
/** The same between rounds with a prompt; there is one a text. */
const OPENING_DISCOUNT = 0.95
/** Bytes are in proportion to rows, and a lost frame hides that among windows: trust the rounds with a prompt. */
const WAY_SLOPE_WEIGHT = 400

/**
 * What a round of `g` drafts takes, from the times of rounds seen: `g t_d + compute(g + 1) + way(g + 1)`, the last two lines in the
 * rows, the first less where drafts are made ahead (`meanDraftMs`). Compute and way are fitted apart, since one is steady and the other
 * has the network's noise. The slope that windows of nearly one size cannot show is taken from the rounds that carried a prompt. When
 * the network changes, what was seen before is forgotten.
 */
export class RoundTimeFit {
  readonly #draft = new LineFit({ discount: 0.9 })
  /** What the first round of a text says of a step: the drafter reads the prompt in it too. */
  #openingStepMs = 0
  readonly #changes = new ChangeDetector()
  #fit = freshFit()
  #recent: readonly Sample[] = []
  #sinceChange = Number.POSITIVE_INFINITY
  /** Whether drafts are made ahead. */
  #ahead = false
  /** How long the drafter had for the passes that it makes ahead, and how many those are. */
  #beside = { ms: 0, steps: 0 }

  /** Whether any round without a prompt was seen. */
  get known(): boolean {
    return !this.#fit.way.empty
  }

  /** Rounds seen since the network changed; infinite when it did not. */
  get roundsSinceChange(): number {
    return this.#sinceChange
  }

  get draftStepMs(): number {
    return this.#draft.empty ? this.#openingStepMs : this.#draft.mean.ms
  }

  /** Mean of the rounds seen, without drafting. */
  get meanTargetMs(): number {
    return this.#fit.compute.mean.ms + this.#fit.way.mean.ms
  }

  /** Rounds that were sent again or replayed show the trouble, not the network. */
  observe(round: ObservedRound): void {
    const { rows, forced, timing, retries } = round
    if (retries > 0) return
    const computeMs = total(timing.computeMs) + total(timing.queueMs)
    const sample = { rows, computeMs, wayMs: timing.totalMs - timing.draftMs - computeMs }
    this.#observeDrafting(round)
    if (forced > 0) {
      this.#fit.openingCompute.add(rows, computeMs)
      this.#fit.openingWay.add(rows, sample.wayMs)
      return
    }
    this.#sinceChange++
    const thoughtMs = this.#targetMs(rows)
    this.#add(sample)
    if (thoughtMs > 0) this.#react(this.#changes.observe((computeMs + sample.wayMs) / thoughtMs))
  }

  /** Milliseconds of a round with `gamma` drafts. `foreseen`: chance that they were made ahead, where any are. */
  roundMs(gamma: number, foreseen: number): number {
    const targetMs = this.#targetMs(gamma + 1)
    return (
      targetMs +
      meanDraftMs({ gamma, stepMs: this.draftStepMs, targetMs, foreseen: this.#ahead ? foreseen : undefined })
    )
  }

  /** A foreseen window shows what was left of its drafting, not what a step takes; after any other one the pass under way had to end. */
  #observeDrafting({ draftSteps, forced, ahead, timing }: ObservedRound): void {
    if (draftSteps > 0 && forced > 0) this.#openingStepMs = timing.draftMs / draftSteps
    else if (draftSteps > 0 && ahead?.foreseen !== true) {
      const underWay = this.#beside.ms < this.#beside.steps * this.draftStepMs ? 0.5 : 0
      this.#draft.add(0, timing.draftMs / (draftSteps + underWay))
    }
    this.#ahead = ahead !== undefined
    this.#beside = { ms: timing.totalMs - timing.draftMs, steps: ahead?.steps ?? 0 }
  }

  #targetMs(rows: number): number {
    const { compute, way, openingCompute, openingWay } = this.#fit
    return compute.at(rows, slopeBetween(compute, openingCompute)) + way.at(rows, slopeBetween(way, openingWay))
  }

  #add(sample: Sample): void {
    this.#fit.compute.add(sample.rows, sample.computeMs)
    this.#fit.way.add(sample.rows, sample.wayMs)
    this.#recent = [...this.#recent, sample].slice(-8)
  }

  #react(newRounds: number): void {
    if (newRounds === 0) return
    this.#sinceChange = 0
    this.#fit = freshFit()
    for (const sample of this.#recent.slice(-newRounds)) this.#add(sample)
  }
}

function freshFit() {
  return {
    compute: new LineFit({ discount: DISCOUNT }),
    way: new LineFit({ discount: DISCOUNT, slopeWeight: WAY_SLOPE_WEIGHT }),
    openingCompute: new LineFit({ discount: OPENING_DISCOUNT }),
    openingWay: new LineFit({ discount: OPENING_DISCOUNT }),
  }
}

/** Slope of the line between ordinary rounds and those with a prompt; unknown while one kind is missing. */
function slopeBetween(windows: LineFit, openings: LineFit): number | undefined {
  const rows = openings.mean.rows - windows.mean.rows
  return openings.empty || windows.empty || rows <= 1
    ? undefined
    : Math.max(0, (openings.mean.ms - windows.mean.ms) / rows)
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}
