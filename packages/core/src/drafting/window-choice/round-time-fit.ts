import type { ObservedRound } from '../window-controller.ts'
import { LineFit } from './line-fit.ts'

/** Rounds in a row that have to be off, all to the same side, before a change is believed in. */
const CHANGE_ROUNDS = 3
/** How far off, natural logarithm. */
const CHANGE_LOG = 0.35
/** What is kept of the past then. */
const KEPT_AFTER_CHANGE = 0.02

/**
 * What a round of `g` drafts takes, from the times of rounds seen: `g t_d + compute(g + 1) + way(g + 1)`, each part a line in the
 * rows. Compute and way are fitted apart, since one is steady and the other has the network's noise. The slope that windows of
 * nearly one size cannot show is taken from the rounds that carried a prompt. Three rounds in a row far off to one side
 * are a change of the network: the past is then nearly forgotten.
 */
export class RoundTimeFit {
  readonly #compute = new LineFit({ discount: 0.97 })
  readonly #way = new LineFit({ discount: 0.97 })
  readonly #draft = new LineFit({ discount: 0.9 })
  /** Of the rounds with a prompt; one a text, so it forgets by texts. */
  readonly #opening = { compute: new LineFit({ discount: 0.8 }), way: new LineFit({ discount: 0.8 }) }
  /** Signed count of rounds in a row off to one side. */
  #offRounds = 0

  /** Whether any round without a prompt was seen. */
  get known(): boolean {
    return !this.#way.empty
  }

  observe({ rows, forced, draftSteps, timing }: ObservedRound): void {
    const computeMs = total(timing.computeMs) + total(timing.queueMs)
    const wayMs = timing.totalMs - timing.draftMs - computeMs
    if (draftSteps > 0) this.#draft.add(0, timing.draftMs / draftSteps)
    if (forced > 0) {
      this.#opening.compute.add(rows, computeMs)
      this.#opening.way.add(rows, wayMs)
      return
    }
    this.#watch(computeMs + wayMs, rows)
    this.#compute.add(rows, computeMs)
    this.#way.add(rows, wayMs)
  }

  /** Milliseconds of a round with `gamma` drafts. */
  roundMs(gamma: number): number {
    return gamma * this.draftStepMs + this.#targetMs(gamma + 1)
  }

  get draftStepMs(): number {
    return this.#draft.mean.ms
  }

  /** Mean of the rounds seen, without drafting. */
  get meanTargetMs(): number {
    return this.#compute.mean.ms + this.#way.mean.ms
  }

  #targetMs(rows: number): number {
    const { compute, way } = this.#opening
    return (
      this.#compute.at(rows, slopeBetween(this.#compute, compute)) + this.#way.at(rows, slopeBetween(this.#way, way))
    )
  }

  #watch(ms: number, rows: number): void {
    if (!this.known) return
    const off = Math.log(ms / Math.max(this.#targetMs(rows), 1e-3))
    const side = Math.abs(off) < CHANGE_LOG ? 0 : Math.sign(off)
    this.#offRounds = side === 0 || side * this.#offRounds < 0 ? side : this.#offRounds + side
    if (Math.abs(this.#offRounds) < CHANGE_ROUNDS) return
    this.#offRounds = 0
    for (const fit of [this.#compute, this.#way, this.#opening.compute, this.#opening.way])
      fit.forget(KEPT_AFTER_CHANGE)
  }
}

/** Slope of the line between ordinary rounds and those with a prompt; 0 while one kind is missing. */
function slopeBetween(windows: LineFit, openings: LineFit): number {
  const rows = openings.mean.rows - windows.mean.rows
  return openings.empty || windows.empty || rows <= 1 ? 0 : Math.max(0, (openings.mean.ms - windows.mean.ms) / rows)
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}
