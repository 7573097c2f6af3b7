import type { WebSocket } from 'ws'
import { EmulatedLink, type EmulatedLinkOptions } from '../links/emulated-link.ts'
import type { LinkSample } from '../links/link-check.ts'
import { protocolError } from './messages.ts'

/** Above this the peer has stopped reading: further frames are dropped, and come again by the round's deadline. */
const MAX_BUFFERED_BYTES = 64 * 1024 * 1024
const PONG_TIMEOUT_MS = 5000
const CALIBRATION_PINGS = 7
/** Between them both processes go to sleep, as they do between the rounds of a decoding. */
const CALIBRATION_PAUSE_MS = 3
/** A longer way to the peer than this may be a busy moment of the machine: the quickest of more pings then has to show it. */
const SHORT_TRANSIT_MS = 0.5
const DOUBTING_PINGS = 25

export interface FrameLinkOptions extends EmulatedLinkOptions {
  /** Where the link leads, for error lines. */
  readonly name: string
  /** The connection underneath, undefined while there is none; a frame sent meanwhile is lost. */
  socket(): WebSocket | undefined
}

/** An emulated link over a connection: what a node or the coordinator sends its frames through. */
export class FrameLink {
  readonly #name: string
  readonly #link: EmulatedLink
  readonly #socket: () => WebSocket | undefined
  #dropped = 0

  constructor({ name, socket, ...link }: FrameLinkOptions) {
    this.#name = name
    this.#link = new EmulatedLink(link)
    this.#socket = socket
  }

  /** Frames lost because there was no connection or it did not drain. */
  get dropped(): number {
    return this.#dropped
  }

  /** Microseconds that the link will hold the next frame of this size. */
  planDelay(payloadBytes: number): number {
    return this.#link.plan(payloadBytes).delayUs
  }

  send(frame: Uint8Array): void {
    this.#link.send(frame.byteLength, () => {
      const socket = this.#socket()
      if (socket?.readyState !== 1 || socket.bufferedAmount > MAX_BUFFERED_BYTES) this.#dropped += 1
      else socket.send(frame, { binary: true })
    })
  }

  /** Finds out what the connection takes by itself, so that a frame arrives after the declared delay and no later. */
  async calibrate(): Promise<void> {
    const first = await this.#barePings(CALIBRATION_PINGS)
    const median = first[CALIBRATION_PINGS >> 1] ?? 0
    this.#link.transitMs = median / 2
    if (this.#link.transitMs <= SHORT_TRANSIT_MS) return
    const [quickest = median] = await this.#barePings(DOUBTING_PINGS)
    this.#link.transitMs = Math.max(SHORT_TRANSIT_MS, Math.min(median, quickest) / 2)
  }

  /** Round trips without the emulation, the shortest first, ms. */
  async #barePings(count: number): Promise<number[]> {
    const roundTrips: number[] = []
    for (let ping = 0; ping < count; ping++) {
      await new Promise((resume) => setTimeout(resume, CALIBRATION_PAUSE_MS))
      roundTrips.push(await this.#ping((release) => release()))
    }
    return roundTrips.sort((a, b) => a - b)
  }

  /**
   * Sends pings through the emulation, one after another. Their pongs come back without it, so half a round trip of a bare
   * ping is taken off: what is left is the way there.
   *
   * @param payloadBytes size that the emulation is told, so that the bandwidth shows.
   * @throws DsdError `protocol` when the peer does not answer or the link is closed.
   */
  async measure(pings: number, payloadBytes: number): Promise<LinkSample[]> {
    const samples: LinkSample[] = []
    for (let ping = 0; ping < pings; ping++) {
      let sentUs = 0
      const roundTripMs = await this.#ping((release, drop) => {
        sentUs = this.#link.plan(payloadBytes).sentUs
        this.#link.send(payloadBytes, release, drop)
      })
      const bareMs = await this.#ping((release) => release())
      samples.push({ sentUs, measuredMs: roundTripMs - bareMs / 2 })
    }
    return samples
  }

  #ping(throughLink: (release: () => void, drop: () => void) => void): Promise<number> {
    return new Promise((answered, failed) => {
      const sentMs = performance.now()
      const silent = () => failed(protocolError(this.#name, 'does not answer pings', 'check that the node still runs'))
      const release = () => {
        const socket = this.#socket()
        if (socket?.readyState !== 1) return silent()
        const settle = (outcome: () => void) => () => {
          clearTimeout(late)
          socket.off('pong', onPong).off('close', onClose)
          outcome()
        }
        const onPong = settle(() => answered(performance.now() - sentMs))
        const onClose = settle(silent)
        const late = setTimeout(onClose, PONG_TIMEOUT_MS)
        socket.once('pong', onPong).once('close', onClose)
        socket.ping()
      }
      throughLink(release, () => failed(protocolError(this.#name, 'the link was closed')))
    })
  }

  close(): void {
    this.#link.close()
  }
}
