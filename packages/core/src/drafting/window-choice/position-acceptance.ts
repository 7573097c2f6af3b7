export interface PositionAcceptanceOptions {
  /** Largest window. >= 1 */
  readonly maxGamma: number
  /** Weight of a round after the next one, in (0, 1]. Default 0.985: about 65 rounds are remembered. */
  readonly discount?: number
  /** Acceptance before anything was seen. In [0, 1], default 0.7. */
  readonly prior?: number
  /** Trials that the prior is worth, and that the mean over positions is worth at each position. Default 6. */
  readonly priorTrials?: number
}

/**
 * Acceptance by position in the window, given that all before it were kept, as a hazard: a position counts as tried only in rounds
 * that kept all before it. Beta posteriors that shrink to the mean over positions, so that a position never drafted has an
 * estimate, and forget, so that it may change.
 */
export class PositionAcceptance {
  readonly #tried: Float64Array
  readonly #kept: Float64Array
  readonly #discount: number
  readonly #prior: number
  readonly #priorTrials: number

  constructor({ maxGamma, discount = 0.985, prior = 0.7, priorTrials = 6 }: PositionAcceptanceOptions) {
    this.#tried = new Float64Array(maxGamma)
    this.#kept = new Float64Array(maxGamma)
    this.#discount = discount
    this.#prior = prior
    this.#priorTrials = priorTrials
  }

  observe(drafted: number, accepted: number): void {
    for (let place = 0; place < this.#tried.length; place++) {
      const tried = place < drafted && place <= accepted ? 1 : 0
      this.#tried[place] = this.#discount * (this.#tried[place] ?? 0) + tried
      this.#kept[place] = this.#discount * (this.#kept[place] ?? 0) + (place < accepted ? tried : 0)
    }
  }

  /** Chance that the draft at each position is kept, all before it being kept. `[maxGamma]` */
  rates(): number[] {
    const weight = this.#priorTrials
    const pooled = (sum(this.#kept) + weight * this.#prior) / (sum(this.#tried) + weight)
    return Array.from(this.#tried, (tried, place) => ((this.#kept[place] ?? 0) + weight * pooled) / (tried + weight))
  }
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0)
}
