export interface LineFitOptions {
  /** Weight of a sample after the next one, in (0, 1]. */
  readonly discount: number
  /** Squared rows that a slope known beforehand is worth. Default 4. */
  readonly slopeWeight?: number
}

/** Squared rows that no slope at all is worth while none is known: holds the line while windows are all alike. */
const FLAT_WEIGHT = 4

/** Discounted least squares of ms on rows, slope and value never below zero, with a slope known beforehand to shrink to. */
export class LineFit {
  readonly #discount: number
  readonly #slopeWeight: number
  #weight = 0
  #meanRows = 0
  #meanMs = 0
  #squares = 0
  #products = 0

  constructor({ discount, slopeWeight = FLAT_WEIGHT }: LineFitOptions) {
    this.#discount = discount
    this.#slopeWeight = slopeWeight
  }

  get empty(): boolean {
    return this.#weight === 0
  }

  get mean(): { readonly rows: number; readonly ms: number } {
    return { rows: this.#meanRows, ms: this.#meanMs }
  }

  add(rows: number, ms: number): void {
    const before = this.#weight * this.#discount
    this.#weight = before + 1
    const [rowsOff, msOff] = [rows - this.#meanRows, ms - this.#meanMs]
    this.#meanRows += rowsOff / this.#weight
    this.#meanMs += msOff / this.#weight
    this.#squares = this.#squares * this.#discount + (before / this.#weight) * rowsOff * rowsOff
    this.#products = this.#products * this.#discount + (before / this.#weight) * rowsOff * msOff
  }

  at(rows: number, knownSlope: number | undefined): number {
    return Math.max(0, this.#meanMs + this.#slope(knownSlope) * (rows - this.#meanRows))
  }

  #slope(known: number | undefined): number {
    const weight = known === undefined ? FLAT_WEIGHT : this.#slopeWeight
    return Math.max(0, (this.#products + weight * (known ?? 0)) / (this.#squares + weight))
  }
}
