import { randomBytes } from 'node:crypto'
import { DEFAULT_MAX_ROWS, largestFrameBytes, type RuleResolver } from '@dsd-lab/core'
import type { ShardEngine } from '../engines/shard-engine.ts'
import { AssignableShard } from './assignable-shard.ts'
import { listen } from './listener.ts'
import type { NodeCounters, ShardIdentity } from './messages.ts'

export interface ShardServerOptions {
  readonly shard: ShardEngine
  readonly modelDigest: string
  /** 0 is the head, `nodes - 1` the tail. */
  readonly node: number
  readonly nodes: number
  /** Secret that every caller must present. */
  readonly key: string
  /** Interface to listen on. Default 127.0.0.1: nobody outside this machine. */
  readonly host?: string
  /** Default 0: any free port. */
  readonly port?: number
  readonly resolveRule: RuleResolver
  /** Class of each token id, for rules that score importance. `[vocab]` */
  readonly tokenClasses?: Uint8Array
}

export interface ShardServer extends AsyncDisposable {
  readonly identity: ShardIdentity
  /** `ws://host:port` */
  readonly url: string
  readonly port: number
  readonly counters: NodeCounters & {
    /** Callers turned away at the hand-shake. */
    readonly refusedCallers: number
  }
}

/**
 * Serves one shard: windows come in on data connections, a coordinator assigns the successor on its control connection,
 * and from then on every frame goes through the shard host of core. A frame over the limit, malformed or of another
 * version is answered with a NACK and counted; sixteen of them close the connection.
 *
 * @throws DsdError `environment` when the port cannot be opened.
 */
export async function serveShard(options: ShardServerOptions): Promise<ShardServer> {
  const { shard, modelDigest, node, nodes, key, host = '127.0.0.1', port = 0 } = options
  const identity: ShardIdentity = {
    node,
    nodes,
    pid: process.pid,
    boot: randomBytes(4).readUInt32LE(),
    layers: { from: shard.layers.from, to: shard.layers.to },
    embeds: shard.embeds,
    tail: shard.tail,
    hiddenSize: shard.hiddenSize,
    vocabSize: shard.vocabSize,
    maxLength: shard.maxLength,
    maxFrameBytes: largestFrameBytes({ maxRows: DEFAULT_MAX_ROWS, hiddenSize: shard.hiddenSize }),
    modelDigest,
    engine: shard.engine,
  }
  const assignable = new AssignableShard({ ...options, identity })
  const listener = await listen({
    host,
    port,
    key,
    maxFrameBytes: identity.maxFrameBytes,
    roles: ['control', 'data'],
    identity,
    onConnection: (socket, role) => {
      socket.on('message', (data, isBinary) => {
        if (isBinary && Buffer.isBuffer(data)) assignable.receive(data, socket)
        else if (role === 'control') assignable.answer(String(data), socket)
      })
      // ws refuses a frame over the limit before reading it and closes with code 1009; the host answers it as malformed.
      socket.on('error', (error) => {
        if ('code' in error && error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH')
          assignable.receive(Buffer.alloc(0), socket)
      })
      if (role === 'control') socket.once('close', () => assignable.release(socket))
    },
  })
  return {
    identity,
    url: listener.url,
    port: listener.port,
    get counters() {
      return { ...assignable.counters, refusedCallers: listener.refused }
    },
    async [Symbol.asyncDispose]() {
      // A pass that never ends keeps the first waiting, and must not keep the port.
      await Promise.all([assignable.close(), listener.close()])
    },
  }
}
