import {
  type CoordinatorTransport,
  remoteTarget,
  type ShardCompute,
  type ShardHost,
  shardHost,
  type Target,
} from '../../src/index.ts'
import { resolveTestRule } from '../fixtures/rules.ts'

export interface LiveChainOptions {
  readonly shards: readonly ShardCompute[]
  readonly eos?: readonly number[]
  readonly deadlineMs?: number
  readonly maxResyncs?: number
  /** Of the coordinator, and of the nodes unless they have their own. */
  readonly maxRows?: number
  readonly nodeMaxRows?: number
  readonly maxSessions?: number
  /** Sees every frame on its way; answers false to lose it. */
  tap?(frame: { readonly to: number | 'coordinator'; readonly bytes: Uint8Array }): boolean
}

export interface LiveChain extends AsyncDisposable {
  readonly target: Target
  readonly hosts: readonly ShardHost[]
  readonly inbox: Uint8Array[]
  /** Whether the target has closed its transport. */
  readonly transportClosed: boolean
  /** The transport has noticed that a node is gone. */
  lose(error: Error): void
}

/** `shardHost` and `remoteTarget` over function calls instead of sockets, on a real clock. */
export function liveChain({
  shards,
  eos = [],
  tap,
  maxRows,
  nodeMaxRows = maxRows,
  maxSessions,
  ...remote
}: LiveChainOptions): LiveChain {
  const [head] = shards
  if (head === undefined) throw new Error('no shards')
  const inbox: Uint8Array[] = []
  let listener: (frame: Uint8Array) => void = () => undefined
  let transportClosed = false
  let lose: (error: Error) => void = () => undefined
  const passes = (to: number | 'coordinator', bytes: Uint8Array) => tap?.({ to, bytes }) ?? true
  const deliver = (to: number | 'coordinator', bytes: Uint8Array) => {
    if (!passes(to, bytes)) return
    queueMicrotask(() => {
      if (to === 'coordinator') {
        inbox.push(bytes)
        listener(bytes)
      } else hosts[to]?.receive(bytes)
    })
  }
  const hosts = shards.map((compute, node) =>
    shardHost({
      compute,
      node,
      nodes: shards.length,
      gen: 3,
      boot: 100 + node,
      resolveRule: resolveTestRule,
      ...(nodeMaxRows && { maxRows: nodeMaxRows }),
      ...(maxSessions && { maxSessions }),
      now: () => performance.now(),
      planDelay: (to) => (to === 'next' ? 1000 * (node + 1) : 9000),
      send: (to, bytes) => deliver(to === 'next' ? node + 1 : 'coordinator', bytes),
    }),
  )
  const transport: CoordinatorTransport = {
    nodes: shards.length,
    planDelay: () => 500,
    sendToHead: (bytes) => deliver(0, bytes),
    sendToAll: (bytes) => {
      for (const node of shards.keys()) deliver(node, bytes)
    },
    listen: (one) => {
      listener = one
    },
    onLost: (one) => {
      lose = one
    },
    close: async () => {
      transportClosed = true
    },
  }
  const target = remoteTarget({
    name: 'live hash',
    transport,
    vocabSize: head.vocabSize,
    hiddenSize: head.hiddenSize,
    maxLength: head.maxLength,
    eos,
    gen: 3,
    modelDigest: 'hash',
    resolveRule: resolveTestRule,
    now: () => performance.now(),
    ...(maxRows && { maxRows }),
    ...remote,
  })
  return {
    target,
    hosts,
    inbox,
    get transportClosed() {
      return transportClosed
    },
    lose: (error) => lose(error),
    async [Symbol.asyncDispose]() {
      await target[Symbol.asyncDispose]()
      await Promise.all(hosts.map((host) => host.close()))
    },
  }
}
