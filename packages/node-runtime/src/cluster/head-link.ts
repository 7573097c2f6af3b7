import type { LinkModel } from '@dsd-lab/core'
import type { LinkSample } from '../links/link-check.ts'
import type { ReleaseSchedule } from '../links/release-schedule.ts'
import { FrameLink } from '../shard/frame-link.ts'
import { RedialledSocket } from '../shard/redialled-socket.ts'

export interface HeadLinkOptions {
  /** `ws://host:port` of the head. */
  readonly url: string
  readonly key: string
  readonly spec: LinkModel
  readonly seed: number
  readonly schedule: ReleaseSchedule
  /** Largest frame that the head may send on this connection. */
  readonly maxFrameBytes: number
}

/** The coordinator's link to the head: what every window goes out on. */
export class HeadLink {
  readonly #connection: RedialledSocket
  readonly #link: FrameLink

  /** @throws DsdError `protocol` when the head does not answer. */
  static async open(options: HeadLinkOptions): Promise<HeadLink> {
    const head = new HeadLink(options)
    try {
      await head.#connection.open()
      if (options.spec.latencyMs > 0) await head.#link.calibrate()
      return head
    } catch (error) {
      head.close()
      throw error
    }
  }

  private constructor({ url, key, spec, seed, schedule, maxFrameBytes }: HeadLinkOptions) {
    const connection = new RedialledSocket({ url, role: 'data', key, maxFrameBytes })
    this.#connection = connection
    this.#link = new FrameLink({ name: 'node 0', spec, seed, place: 0, schedule, socket: () => connection.current })
  }

  planDelay(payloadBytes: number): number {
    return this.#link.planDelay(payloadBytes)
  }

  send(frame: Uint8Array): void {
    this.#link.send(frame)
  }

  measure(pings: number, payloadBytes: number): Promise<LinkSample[]> {
    return this.#link.measure(pings, payloadBytes)
  }

  close(): void {
    this.#link.close()
    this.#connection.close()
  }
}
