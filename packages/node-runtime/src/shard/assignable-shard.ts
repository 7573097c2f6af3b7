import { DsdError, type RuleResolver, type ShardCompute, type ShardHost, shardHost } from '@dsd-lab/core'
import type { WebSocket } from 'ws'
import {
  type Assignment,
  type ControlReply,
  type ControlRequest,
  isControlRequest,
  type NodeCounters,
  protocolError,
  readMessage,
  type ShardIdentity,
} from './messages.ts'
import { type OutgoingLinks, openOutgoingLinks } from './outgoing-links.ts'

/** Bad frames after which a connection is closed. */
const STRIKES = 16
/** Close codes (4000 to 4999 are the application's). */
const TOO_MANY_BAD_FRAMES = 4008
const NOT_A_REQUEST = 4002

const idle = { windows: 0, verdicts: 0, stale: 0, duplicates: 0, nacks: 0, badFrames: 0, rowsComputed: 0 }

export interface AssignableShardOptions {
  readonly shard: ShardCompute
  readonly identity: ShardIdentity
  readonly key: string
  readonly resolveRule: RuleResolver
  readonly tokenClasses?: Uint8Array
}

/**
 * A shard that a coordinator assigns: from then on frames go through the shard host of core and out on the assigned
 * links. A new assignment of the same generation swaps the links and keeps the sessions; losing the coordinator that
 * assigned it frees everything.
 */
export class AssignableShard {
  readonly #options: AssignableShardOptions
  readonly #strikes = new WeakMap<WebSocket, number>()
  #host: ShardHost | undefined
  #gen: number | undefined
  #links: OutgoingLinks | undefined
  #coordinator: WebSocket | undefined

  constructor(options: AssignableShardOptions) {
    this.#options = options
  }

  get counters(): NodeCounters {
    return { ...(this.#host?.counters ?? idle), droppedFrames: this.#links?.dropped ?? 0 }
  }

  /** A frame from any connection; before an assignment there is nobody to answer to, and it is ignored. */
  receive(frame: Uint8Array, from: WebSocket): void {
    const host = this.#host
    if (host === undefined) return
    const before = host.counters.badFrames
    host.receive(frame)
    if (host.counters.badFrames === before) return
    const strikes = (this.#strikes.get(from) ?? 0) + 1
    this.#strikes.set(from, strikes)
    if (strikes >= STRIKES) from.close(TOO_MANY_BAD_FRAMES, `${strikes} bad frames`)
  }

  /** A text of the coordinator. */
  answer(text: string, control: WebSocket): void {
    const request = readMessage(text)
    if (request === undefined || !isControlRequest(request)) {
      control.close(NOT_A_REQUEST, 'not a request')
      return
    }
    const reply = (message: ControlReply) => control.send(JSON.stringify(message))
    this.#carryOut(request, control).then(reply, (error: unknown) =>
      reply({ type: 'failed', id: request.id, message: error instanceof DsdError ? error.line : String(error) }),
    )
  }

  /** The coordinator's connection has ended. */
  release(control: WebSocket): void {
    if (this.#coordinator === control) void this.close()
  }

  async close(): Promise<void> {
    this.#links?.close()
    this.#links = undefined
    this.#coordinator = undefined
    await this.#closeHost()
  }

  async #carryOut(request: ControlRequest, control: WebSocket): Promise<ControlReply> {
    const { id } = request
    if (request.type === 'assign') {
      await this.#assign(request, control)
      return { type: 'assigned', id }
    }
    if (request.type === 'read-counters') return { type: 'counters', id, counters: this.counters }
    const link = this.#links?.to(request.to)
    if (link === undefined) throw protocolError('check-link', `there is no link to ${request.to}`)
    return { type: 'link-checked', id, samples: await link.measure(request.pings, request.payloadBytes) }
  }

  async #assign(assignment: Assignment, control: WebSocket): Promise<void> {
    const { identity, key } = this.#options
    const links = await openOutgoingLinks({ assignment, control, key, maxFrameBytes: identity.maxFrameBytes })
    // Nobody would be there to release them.
    if (control.readyState !== control.OPEN) {
      links.close()
      throw protocolError('assign', 'the coordinator has gone')
    }
    this.#links?.close()
    this.#links = links
    this.#coordinator = control
    if (this.#gen !== assignment.gen) await this.#closeHost()
    if (this.#coordinator !== control) throw protocolError('assign', 'the coordinator has gone, or another has come')
    this.#gen = assignment.gen
    this.#host ??= this.#openHost(assignment)
  }

  #openHost({ gen, activations }: Assignment): ShardHost {
    const { shard, identity, resolveRule, tokenClasses } = this.#options
    return shardHost({
      compute: shard,
      node: identity.node,
      nodes: identity.nodes,
      gen,
      boot: identity.boot,
      resolveRule,
      activations,
      ...(tokenClasses === undefined ? {} : { tokenClasses }),
      now: () => performance.now(),
      planDelay: (to, payloadBytes) => this.#links?.to(to)?.planDelay(payloadBytes) ?? 0,
      send: (to, frame) => this.#links?.to(to)?.send(frame),
    })
  }

  async #closeHost(): Promise<void> {
    const host = this.#host
    this.#host = undefined
    this.#gen = undefined
    await host?.close()
  }
}
