const SAMPLES = 32
const QUANTILE = 0.9
const FACTOR = 3
const FLOOR_MS = 250
/** Before any round was seen: a cold engine compiles, a prompt is long. */
const FIRST_MS = 30_000

/** A network or a machine that has become slow is met half way at every deadline that passes. */
const GROWTH = 1.5
const MOST_GROWTH = 64

/**
 * How long to wait for a verdict before the window is sent again: three times the 0.9 quantile of past rounds, at least
 * 250 ms, and in proportion more for rounds with more rows than usual (a prompt or a replay is progress, not a stall). Every deadline
 * that passed in the round makes the next one longer, and a round that needed another try does so for the rounds after it, until
 * one needs none.
 */
export class RoundDeadline {
  readonly #fixedMs: number | undefined
  readonly #rounds: { readonly ms: number; readonly rows: number }[] = []
  #growth = 1

  /** @param fixedMs Used instead of the estimate when given. */
  constructor(fixedMs?: number) {
    this.#fixedMs = fixedMs
  }

  /** A round that needed another try says nothing of how long one takes. */
  observe({ rows, ms, retries }: { readonly rows: number; readonly ms: number; readonly retries: number }): void {
    if (retries > 0) {
      this.#growth = Math.min(MOST_GROWTH, 2 * this.#growth)
      return
    }
    this.#growth = Math.max(1, this.#growth / 2)
    this.#rounds.push({ ms, rows })
    if (this.#rounds.length > SAMPLES) this.#rounds.shift()
  }

  /** @param missed deadlines that passed in this round */
  forRows(rows: number, missed = 0): number {
    if (this.#fixedMs !== undefined) return this.#fixedMs
    if (this.#rounds.length === 0) return FIRST_MS
    const usual = quantile(this.#rounds.map((round) => round.rows))
    const ms = FACTOR * quantile(this.#rounds.map((round) => round.ms))
    return Math.max(FLOOR_MS, ms) * Math.max(1, rows / usual) * Math.min(MOST_GROWTH, this.#growth * GROWTH ** missed)
  }
}

function quantile(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(QUANTILE * (sorted.length - 1))] ?? 1
}
