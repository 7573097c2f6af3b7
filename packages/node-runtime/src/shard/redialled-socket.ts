import type { WebSocket } from 'ws'
import { type Dialled, type DialOptions, dial } from './dial.ts'

const FIRST_RETRY_MS = 50
const LAST_RETRY_MS = 2000

/**
 * An outgoing connection that its owner keeps up: when it ends, it is dialled again with growing pauses until `close`.
 * Every link has a life of its own, so that a fault on one never takes another down.
 */
export class RedialledSocket {
  readonly #options: DialOptions
  #socket: WebSocket | undefined
  #retry: NodeJS.Timeout | undefined
  #closed = false

  constructor(options: DialOptions) {
    this.#options = options
  }

  /** The connection, undefined while there is none. */
  get current(): WebSocket | undefined {
    return this.#socket
  }

  /**
   * Dials for the first time.
   *
   * @throws DsdError `protocol` when nobody answers or the call is refused.
   */
  async open(): Promise<void> {
    this.#keep(await dial(this.#options))
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#retry)
    this.#socket?.terminate()
    this.#socket = undefined
  }

  #keep({ socket }: Dialled): void {
    if (this.#closed) {
      socket.terminate()
      return
    }
    this.#socket = socket
    socket.once('close', () => {
      this.#socket = undefined
      this.#redial(FIRST_RETRY_MS)
    })
  }

  #redial(pauseMs: number): void {
    if (this.#closed) return
    this.#retry = setTimeout(() => {
      dial(this.#options).then(
        (dialled) => this.#keep(dialled),
        () => this.#redial(Math.min(pauseMs * 2, LAST_RETRY_MS)),
      )
    }, pauseMs)
  }
}
