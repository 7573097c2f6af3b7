import { DsdError } from '../errors.ts'
import { sequenceNoise } from '../random/noise.ts'
import { decodeFrame, type IntegrityCheck } from './frames/decode.ts'
import { DEFAULT_MAX_ROWS, type FrameLimits } from './frames/limits.ts'
import type { ShardHostOptions } from './host.ts'
import { checkNodeCount } from './most-nodes.ts'
import type { OpenRequest } from './open-request.ts'
import type { ShardSession as CacheSession, ShardInput, ShardOutput } from './shard-compute.ts'
import type { ShardGuards } from './shard-guards.ts'
import { type Outgoing, type Service, ShardMachine } from './shard-machine.ts'
import type { ShardSession } from './shard-session.ts'
import { Tail, type TailGuards, tailGuards } from './tail.ts'

export interface ShardOptions
  extends Pick<
    ShardHostOptions,
    | 'compute'
    | 'node'
    | 'nodes'
    | 'gen'
    | 'boot'
    | 'resolveRule'
    | 'tokenClasses'
    | 'maxRows'
    | 'maxSessions'
    | 'activations'
  > {
  readonly guards?: { readonly shard?: ShardGuards; readonly tail?: TailGuards; readonly isIntact?: IntegrityCheck }
}

const DEFAULT_MAX_SESSIONS = 64

/** A shard machine with its codec and its engine; time and links are whoever's that drives it. */
export class Shard {
  readonly machine: ShardMachine
  readonly #options: ShardOptions
  readonly #limits: FrameLimits
  readonly #caches = new Map<ShardSession, CacheSession>()
  #serving: ShardSession | undefined

  constructor(options: ShardOptions) {
    const { compute, maxRows = DEFAULT_MAX_ROWS, maxSessions = DEFAULT_MAX_SESSIONS, guards } = options
    const { vocabSize, hiddenSize, maxLength } = compute
    checkPlace(options)
    checkNodeCount(options.nodes, `node ${options.node}`)
    this.#options = options
    this.#limits = { maxRows, maxLength, vocabSize, hiddenSize }
    this.machine = new ShardMachine({
      node: options.node,
      gen: options.gen,
      boot: options.boot,
      activations: options.activations,
      maxSessions,
      openTail: (request) => (compute.tail ? this.#openTail(request) : undefined),
      released: (session) => this.#free(session),
      ...(guards?.shard && { guards: guards.shard }),
    })
  }

  receive(bytes: Uint8Array, nowUs: number): Outgoing[] {
    const decoded = decodeFrame(bytes, this.#limits, this.#options.guards?.isIntact)
    return decoded.ok ? this.machine.receive(decoded.frame, nowUs) : this.machine.refuse(decoded)
  }

  /** The rows of a window through the engine. Only one window at a time is computed. */
  async compute({ session, window, logitsFrom }: Service): Promise<ShardOutput> {
    const { ids, hidden } = window
    const cache = this.#caches.get(session) ?? this.#options.compute.openSession()
    this.#caches.set(session, cache)
    this.#serving = session
    const input: ShardInput = hidden === undefined ? { kind: 'ids', ids } : { kind: 'hidden', rows: ids.length, hidden }
    try {
      return await cache.forward({ start: session.rollbackTo(window), input, logitsFrom })
    } finally {
      this.#serving = undefined
      if (session.closed) this.#free(session)
    }
  }

  #openTail(request: OpenRequest): Tail {
    const { compute, resolveRule, tokenClasses, guards } = this.#options
    const { vocabSize } = compute
    const { sampling, sequence } = request
    const context = { vocabSize, temperature: sampling.temperature, sequence, ...(tokenClasses && { tokenClasses }) }
    const rule = resolveRule(request.rule, context)
    return new Tail({ request, rule, noise: sequenceNoise(request), vocabSize, guards: guards?.tail ?? tailGuards })
  }

  #free(session: ShardSession): void {
    if (this.#serving === session) return
    this.#caches.get(session)?.close()
    this.#caches.delete(session)
  }
}

function checkPlace({ compute, node, nodes }: ShardOptions): void {
  if (compute.embeds === (node === 0) && compute.tail === (node === nodes - 1)) return
  const { from, to } = compute.layers
  throw new DsdError(`layers ${from}:${to} cannot stand at place ${node} of ${nodes}`, {
    kind: 'bad-input',
    where: `node ${node}`,
    fix: 'let the first shard embed, the last one hold the LM head, and no other either',
  })
}
