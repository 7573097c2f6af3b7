/** Rounds in a row that have to be off, all to the same side, before a change is believed in. */
const CHANGE_ROUNDS = 4
/** How far off, natural logarithm. */
const CHANGE_LOG = 0.35
/** Rounds whose median is the ordinary. */
const REMEMBERED = 15
/** Rounds before there is an ordinary. */
const FEWEST = 5

/**
 * Tells when rounds stop taking what they took. A lost frame makes one round long and is no change; so the ordinary is a median, and
 * a change is several rounds in a row far off to one side.
 */
export class ChangeDetector {
  #ratios: number[] = []
  /** Signed count of rounds in a row off to one side. */
  #off = 0

  /**
   * @param ratio what a round took over what it was thought to take
   * @returns how many rounds, this one included, are of a new kind; 0 when there is no change
   */
  observe(ratio: number): number {
    const off = this.#ratios.length < FEWEST ? 0 : Math.log(ratio / median(this.#ratios))
    const side = Math.abs(off) < CHANGE_LOG ? 0 : Math.sign(off)
    this.#off = side === 0 || side * this.#off < 0 ? side : this.#off + side
    this.#ratios = [...this.#ratios, ratio].slice(-REMEMBERED)
    if (Math.abs(this.#off) < CHANGE_ROUNDS) return 0
    this.#off = 0
    this.#ratios = []
    return CHANGE_ROUNDS
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 1
}
