import { idleLink, type LinkModel, type LinkState, passLink } from '@dsd-lab/core'
import type { ReleaseSchedule } from './release-schedule.ts'

export interface EmulatedLinkOptions {
  readonly spec: LinkModel
  readonly seed: number
  /** Keys the noise: place of the link in its cluster. In [0, 1023] */
  readonly place: number
  readonly schedule: ReleaseSchedule
}

export interface PlannedFrame {
  /** When the frame is sent, since the link opened, us. */
  readonly sentUs: number
  /** How long the link holds it, us. */
  readonly delayUs: number
}

interface Reservation extends PlannedFrame {
  readonly payloadBytes: number
}

/**
 * Holds frames back at the sender for as long as the declared link would take, by the same equation that the virtual
 * clock uses (core's `passLink`). First in, first out: a frame is never released before one sent earlier.
 */
export class EmulatedLink {
  readonly #options: EmulatedLinkOptions
  readonly #openedMs = performance.now()
  /** Of the frames on the way: each takes one back. */
  readonly #cancels = new Set<() => void>()
  #closed = false
  /** What the connection underneath takes anyway, ms: a frame is released so much earlier. Default 0. */
  transitMs = 0
  #state: LinkState = idleLink
  #reserved: Reservation | undefined

  constructor(options: EmulatedLinkOptions) {
    this.#options = options
  }

  /** Reserves the passage of a frame of this size; the next `send` takes it. */
  plan(payloadBytes: number): PlannedFrame {
    this.#reserved = this.#reserve(payloadBytes)
    return this.#reserved
  }

  /**
   * Calls `deliver` when the frame has passed, at once on a link without any delay; or `drop` when the link is closed before.
   */
  send(payloadBytes: number, deliver: () => void, drop: () => void = () => {}): void {
    if (this.#closed) {
      drop()
      return
    }
    const planned = this.#reserved?.payloadBytes === payloadBytes ? this.#reserved : this.#reserve(payloadBytes)
    this.#reserved = undefined
    const releaseMs = this.#openedMs + (planned.sentUs + planned.delayUs) / 1000 - this.transitMs
    if (this.#cancels.size === 0 && (planned.delayUs === 0 || releaseMs <= performance.now())) {
      deliver()
      return
    }
    const unschedule = this.#options.schedule.at(releaseMs, () => {
      this.#cancels.delete(cancel)
      deliver()
    })
    const cancel = () => {
      unschedule()
      drop()
    }
    this.#cancels.add(cancel)
  }

  /** Drops the frames that are still on the way, and every later one. */
  close(): void {
    this.#closed = true
    for (const cancel of this.#cancels) cancel()
    this.#cancels.clear()
  }

  #reserve(payloadBytes: number): Reservation {
    const { spec, seed, place } = this.#options
    const sentUs = Math.round((performance.now() - this.#openedMs) * 1000)
    this.#state = passLink({ network: { links: spec, seed }, place, payloadBytes, sentUs, state: this.#state })
    return { payloadBytes, sentUs, delayUs: this.#state.arrivedUs - sentUs }
  }
}
