import type { RoundId, VerdictFrame, WindowFrame } from './frames/frame.ts'

/** Twice the windows that can be in flight, and two more. */
export const CACHED_OUTPUTS = 4

type Output = WindowFrame | VerdictFrame | undefined

/** What the last completed windows led to, so that a window sent again is answered without computing it again. */
export class OutputCache {
  readonly #outputs = new Map<string, Output>()

  get size(): number {
    return this.#outputs.size
  }

  /** Undefined while the window is queued or computing, when it leads to nothing, and when it is too old. */
  get(window: RoundId): Output {
    return this.#outputs.get(keyOf(window))
  }

  set(window: RoundId, output: Output): void {
    this.#outputs.set(keyOf(window), output)
    const [oldest] = this.#outputs.keys()
    if (this.#outputs.size > CACHED_OUTPUTS && oldest !== undefined) this.#outputs.delete(oldest)
  }

  clear(): void {
    this.#outputs.clear()
  }
}

const keyOf = ({ term, epoch, seq }: RoundId): string => `${term}.${epoch}.${seq}`
