import type { Round } from '../decoding/target.ts'

/** What a window asks of the drafter. */
export interface DraftWork {
  /** When the verdict before it was applied, whole microseconds. */
  readonly startUs: number
  /** Passes of the draft model that the window takes. */
  readonly steps: number
  /** One pass of the draft model, ms. */
  readonly stepMs: number
  /** Whether the window was drafted while the round before it travelled (`DraftedAhead`). */
  readonly foreseen: boolean
  /** Passes that the drafter goes on to make while this window travels; 0: it rests. */
  readonly aheadSteps: number
}

/** What the window of a round asked of the drafter. */
export function draftWork(
  { draftSteps, ahead }: Pick<Round, 'draftSteps' | 'ahead'>,
  startMs: number,
): Omit<DraftWork, 'stepMs'> {
  const { foreseen = false, steps: aheadSteps = 0 } = ahead ?? {}
  return { startUs: Math.round(startMs * 1000), steps: draftSteps, foreseen, aheadSteps }
}

/**
 * How long the windows of one text wait for their drafts, in whole microseconds. A drafter that rests takes
 * `steps * stepMs` from the verdict on. One that drafts ahead began the moment the round before was sent, with one pass for the token
 * that the target adds: a foreseen window waits for what is left of its passes, any other for the end of the pass under way and then
 * for all of its own.
 */
export class DraftClock {
  #sentUs = 0
  #aheadSteps = 0

  /** From now on windows are those of another text. */
  startText(): void {
    this.#sentUs = 0
    this.#aheadSteps = 0
  }

  /** From `startUs` until the window can be sent. Windows of a text come in order. */
  us({ startUs, steps, stepMs, foreseen, aheadSteps }: DraftWork): number {
    const waitsUs =
      steps === 0
        ? 0
        : foreseen
          ? Math.max(0, this.#sentUs + passesUs(steps + 1, stepMs) - startUs)
          : this.#underWayUs(startUs, stepMs) + passesUs(steps, stepMs)
    this.#sentUs = startUs + waitsUs
    this.#aheadSteps = aheadSteps
    return waitsUs
  }

  /** Until the end of the pass that is under way. */
  #underWayUs(startUs: number, stepMs: number): number {
    const elapsedUs = startUs - this.#sentUs
    if (elapsedUs >= passesUs(this.#aheadSteps, stepMs)) return 0
    return Math.max(0, passesUs(Math.ceil(elapsedUs / (stepMs * 1000)), stepMs) - elapsedUs)
  }
}

function passesUs(steps: number, stepMs: number): number {
  return Math.round(steps * stepMs * 1000)
}
