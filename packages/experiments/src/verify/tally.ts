import { seconds } from '../cli/progress-display.ts'
import type { Divergence } from './grid.ts'

/** Counts comparisons by number of nodes, and says now and then how far it is. */
export class Tally {
  readonly divergences: Divergence[] = []
  readonly compared = new Map<string, number>()
  readonly #total: number
  readonly #startMs = performance.now()
  #done = 0
  #toldMs = performance.now()

  constructor(total: number) {
    this.#total = total
  }

  add(divergence: Divergence | undefined, place: string): void {
    this.#done++
    this.compared.set(place, (this.compared.get(place) ?? 0) + 1)
    if (divergence !== undefined) this.divergences.push(divergence)
    const nowMs = performance.now()
    if (nowMs - this.#toldMs < 10_000) return
    this.#toldMs = nowMs
    const leftMs = ((nowMs - this.#startMs) / this.#done) * (this.#total - this.#done)
    process.stderr.write(
      `${this.#done} of ${this.#total} texts, ${this.divergences.length} differ, about ${seconds(leftMs)} left\n`,
    )
  }

  get seconds(): string {
    return seconds(performance.now() - this.#startMs)
  }
}
