import { frameDelay } from './frame-delay.ts'
import type { LinkSpec } from './profiles.ts'
import type { ReleaseSchedule } from './release-schedule.ts'

export interface EmulatedLinkOptions {
  readonly spec: LinkSpec
  readonly seed: number
  /** Keys the noise: place of the link in its cluster. */
  readonly linkId: number
  readonly schedule: ReleaseSchedule
}

export interface PlannedFrame {
  /** When the frame is sent, since the link opened, ms. */
  readonly atMs: number
  readonly delayMs: number
}

/**
 * Holds frames back at the sender for as long as the declared link would take: waits for the wire, serialises at the
 * bandwidth, then travels. First in, first out: a frame is never released before one sent earlier.
 */
export class EmulatedLink {
  readonly spec: LinkSpec
  readonly linkId: number
  readonly #seed: number
  readonly #schedule: ReleaseSchedule
  readonly #openedMs = performance.now()
  readonly #cancels = new Set<() => void>()
  #wireFreeMs = 0
  #lastReleaseMs = 0
  #reserved: { readonly payloadBytes: number; readonly releaseMs: number } | undefined

  constructor({ spec, seed, linkId, schedule }: EmulatedLinkOptions) {
    this.spec = spec
    this.linkId = linkId
    this.#seed = seed
    this.#schedule = schedule
  }

  /** Reserves the passage of a frame of this size; the next `send` takes it. */
  plan(payloadBytes: number): PlannedFrame {
    const nowMs = performance.now()
    const atMs = nowMs - this.#openedMs
    const { serialisationMs, propagationMs } = frameDelay({
      spec: this.spec,
      seed: this.#seed,
      linkId: this.linkId,
      atMs,
      payloadBytes,
    })
    this.#wireFreeMs = Math.max(nowMs, this.#wireFreeMs) + serialisationMs
    this.#lastReleaseMs = Math.max(this.#lastReleaseMs, this.#wireFreeMs + propagationMs)
    this.#reserved = { payloadBytes, releaseMs: this.#lastReleaseMs }
    return { atMs, delayMs: this.#lastReleaseMs - nowMs }
  }

  /** Calls `deliver` when the frame has passed; at once on a link without any delay. */
  send(payloadBytes: number, deliver: () => void): void {
    if (this.#reserved?.payloadBytes !== payloadBytes) this.plan(payloadBytes)
    const releaseMs = this.#reserved?.releaseMs ?? 0
    this.#reserved = undefined
    if (releaseMs <= performance.now() && this.#cancels.size === 0) {
      deliver()
      return
    }
    const cancel = this.#schedule.at(releaseMs, () => {
      this.#cancels.delete(cancel)
      deliver()
    })
    this.#cancels.add(cancel)
  }

  /** Drops the frames that are still on the way. */
  close(): void {
    for (const cancel of this.#cancels) cancel()
    this.#cancels.clear()
  }
}
