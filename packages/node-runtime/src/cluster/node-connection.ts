import type { LinkModel } from '@dsd-lab/core'
import type { WebSocket } from 'ws'
import type { ReleaseSchedule } from '../links/release-schedule.ts'
import { type DialOptions, dial } from '../shard/dial.ts'
import { FrameLink } from '../shard/frame-link.ts'
import {
  type ControlReply,
  type ControlRequest,
  isControlReply,
  type MessageOf,
  protocolError,
  readMessage,
  type ShardIdentity,
} from '../shard/messages.ts'

/**
 * A node that lets so long pass without a word, a pong included, while it is asked something counts as gone. Long: an engine that
 * computes in the thread of its sockets is silent for a whole pass.
 */
const SILENCE_MS = 60_000
const PINGS_IN_SILENCE = 4

type Unnumbered<T extends ControlRequest> = T extends ControlRequest ? Omit<T, 'id'> : never

export interface NodeConnectionOptions extends Pick<DialOptions, 'url' | 'key' | 'maxFrameBytes'> {
  /** What errors call the node, `node 2`. */
  readonly name: string
  /** How long it may be silent while it is asked something, ms. Default 60 000. */
  readonly silenceMs?: number
  onFrame(frame: Uint8Array): void
  /** Called once if the connection ends before `close`. */
  onEnd(): void
}

/** The coordinator's control connection to one node: requests with answers, and protocol frames both ways. */
export class NodeConnection {
  readonly name: string
  readonly url: string
  readonly identity: ShardIdentity
  readonly #socket: WebSocket
  readonly #silenceMs: number
  readonly #waiting = new Map<number, { answered(reply: ControlReply): void; failed(error: Error): void }>()
  #lastId = 0
  #heardMs = 0
  #link: FrameLink | undefined
  #closed = false

  /** @throws DsdError `protocol` when the node does not answer or is none. */
  static async open(options: NodeConnectionOptions): Promise<NodeConnection> {
    const { socket, shard } = await dial({ ...options, role: 'control' })
    if (shard !== null) return new NodeConnection(options, socket, shard)
    socket.terminate()
    throw protocolError(options.name, `${options.url} is not a shard process`)
  }

  private constructor(options: NodeConnectionOptions, socket: WebSocket, identity: ShardIdentity) {
    this.name = options.name
    this.url = options.url
    this.identity = identity
    this.#socket = socket
    this.#silenceMs = options.silenceMs ?? SILENCE_MS
    const heard = () => {
      this.#heardMs = performance.now()
    }
    socket.on('pong', heard)
    socket.on('message', (data, isBinary) => {
      heard()
      if (!isBinary) this.#answer(String(data))
      else if (Buffer.isBuffer(data)) options.onFrame(data)
    })
    socket.once('close', () => {
      for (const { failed } of this.#waiting.values()) failed(protocolError(this.name, 'the connection ended'))
      this.#waiting.clear()
      if (!this.#closed) options.onEnd()
    })
  }

  /** Declares how far away the node is for control frames. */
  declareLink(
    link: { readonly spec: LinkModel; readonly seed: number; readonly place: number },
    schedule: ReleaseSchedule,
  ) {
    this.#link = new FrameLink({ ...link, schedule, name: this.name, socket: () => this.#socket })
  }

  /** @throws DsdError `protocol` naming the node when it fails, goes away or falls silent. */
  async assign(assignment: Unnumbered<MessageOf<'assign'>>): Promise<void> {
    await this.#ask(assignment, 'assigned')
  }

  async measureLink(request: Unnumbered<MessageOf<'check-link'>>): Promise<MessageOf<'link-checked'>['samples']> {
    return (await this.#ask(request, 'link-checked')).samples
  }

  async readCounters(): Promise<MessageOf<'counters'>['counters']> {
    return (await this.#ask({ type: 'read-counters' }, 'counters')).counters
  }

  /** Sends a control frame of the protocol over the emulated distance. */
  send(frame: Uint8Array): void {
    this.#link?.send(frame)
  }

  close(): void {
    this.#closed = true
    this.#link?.close()
    this.#socket.terminate()
  }

  async #ask<T extends ControlReply['type']>(request: Unnumbered<ControlRequest>, type: T): Promise<MessageOf<T>> {
    if (this.#socket.readyState !== this.#socket.OPEN) throw protocolError(this.name, 'the connection ended')
    const id = ++this.#lastId
    const answer = new Promise<ControlReply>((answered, failed) => {
      this.#waiting.set(id, { answered, failed })
      this.#socket.send(JSON.stringify({ ...request, id }))
    })
    const watch = this.#watch(id)
    const reply = await answer.finally(() => clearInterval(watch))
    if (isOf(reply, type)) return reply
    throw protocolError(
      this.name,
      reply.type === 'failed' ? reply.message : `answered ${request.type} with ${reply.type}`,
    )
  }

  /** Fails a request when the node falls silent. */
  #watch(id: number): NodeJS.Timeout {
    const askedMs = performance.now()
    return setInterval(() => {
      const silentMs = performance.now() - Math.max(askedMs, this.#heardMs)
      if (silentMs < this.#silenceMs) return this.#socket.ping()
      const what = `does not answer for ${Math.round(silentMs / 1000)} s`
      this.#waiting.get(id)?.failed(protocolError(this.name, what, 'check that it still runs'))
      this.#waiting.delete(id)
    }, this.#silenceMs / PINGS_IN_SILENCE)
  }

  #answer(text: string): void {
    const reply = readMessage(text)
    if (reply === undefined || !isControlReply(reply)) return
    this.#waiting.get(reply.id)?.answered(reply)
    this.#waiting.delete(reply.id)
  }
}

function isOf<T extends ControlReply['type']>(reply: ControlReply, type: T): reply is ControlReply & MessageOf<T> {
  return reply.type === type
}
