import type { Clock } from './clock.ts'

interface Due {
  readonly atUs: number
  run(): void | Promise<void>
}

/** A clock that jumps from event to event. Counts whole microseconds, so that sums are exact in any order. */
export class VirtualClock implements Clock {
  readonly kind = 'virtual'
  /** Earliest first; equal times in the order of the calls. */
  readonly #due: Due[] = []
  #nowUs = 0

  /** Milliseconds since the clock was made. */
  now(): number {
    return this.#nowUs / 1000
  }

  get nowUs(): number {
    return this.#nowUs
  }

  /** Runs something at `atUs`, or at once if that is past, when the clock is advanced. */
  at(atUs: number, run: Due['run']): void {
    const due = { atUs: Math.max(atUs, this.#nowUs), run }
    const later = this.#due.findIndex((other) => other.atUs > due.atUs)
    if (later < 0) this.#due.push(due)
    else this.#due.splice(later, 0, due)
  }

  /** Jumps to the next event and runs it; false when there is none. */
  async advance(): Promise<boolean> {
    const next = this.#due.shift()
    if (next === undefined) return false
    this.#nowUs = next.atUs
    await next.run()
    return true
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    let awake = false
    this.at(this.#nowUs + Math.round(ms * 1000), () => {
      awake = true
    })
    while (!awake) {
      signal?.throwIfAborted()
      await this.advance()
    }
  }
}
