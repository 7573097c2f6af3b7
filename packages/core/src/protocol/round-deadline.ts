const SAMPLES = 32
const QUANTILE = 0.9
const FACTOR = 3
const FLOOR_MS = 250
/** Before any round was seen: a cold engine compiles, a prompt is long. */
const FIRST_MS = 30_000

/**
 * How long to wait for a verdict before the window is sent again: three times the 0.9 quantile of past rounds, at least
 * 250 ms, and in proportion more for rounds with more rows than usual (a prompt or a replay is progress, not a stall).
 */
export class RoundDeadline {
  readonly #fixedMs: number | undefined
  readonly #rounds: { readonly ms: number; readonly rows: number }[] = []

  /** @param fixedMs Used instead of the estimate when given. */
  constructor(fixedMs?: number) {
    this.#fixedMs = fixedMs
  }

  observe(rows: number, ms: number): void {
    this.#rounds.push({ ms, rows })
    if (this.#rounds.length > SAMPLES) this.#rounds.shift()
  }

  forRows(rows: number): number {
    if (this.#fixedMs !== undefined) return this.#fixedMs
    if (this.#rounds.length === 0) return FIRST_MS
    const usual = quantile(this.#rounds.map((round) => round.rows))
    const ms = FACTOR * quantile(this.#rounds.map((round) => round.ms))
    return Math.max(FLOOR_MS, ms) * Math.max(1, rows / usual)
  }
}

function quantile(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(QUANTILE * (sorted.length - 1))] ?? 1
}
