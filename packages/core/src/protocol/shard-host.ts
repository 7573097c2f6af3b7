import { DsdError } from '../errors.ts'
import type { ShardHost, ShardHostOptions } from './host.ts'

/** One shard behind a transport: decodes frames, drives the shard state machine over its engine, sends what follows. */
export function shardHost(options: ShardHostOptions): ShardHost {
  throw new DsdError(`the shard host of node ${options.node} is being written`, { kind: 'environment' })
}
