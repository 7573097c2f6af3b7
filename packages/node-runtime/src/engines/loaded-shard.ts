import type { ShardCompute } from '@dsd-lab/core'
import type { Precision } from './precision.ts'

/** A shard and what computes it. */
export interface LoadedShard {
  readonly shard: ShardCompute
  /** Package name to version of everything that computes. */
  readonly versions: Readonly<Record<string, string>>
  /** Threads that one product may use. */
  readonly threads: number
  readonly device: string
  readonly precision: Precision
}
