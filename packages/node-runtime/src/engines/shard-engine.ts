import type { ShardCompute } from '@dsd-lab/core'
import type { Precision } from './precision.ts'

/** Engines of this build, fastest first for large models. */
export const ENGINE_NAMES = ['tfjs-node-gpu', 'onnx', 'tfjs-node', 'tfjs-wasm', 'tfjs-cpu'] as const
export type EngineName = (typeof ENGINE_NAMES)[number]

/** What was found out about row bits when the shard was loaded. */
export interface RowInvariance {
  /** True iff every row had the same bits in every window tried. */
  readonly holds: boolean
  /** Sizes of the windows that were compared with single rows. */
  readonly windows: readonly number[]
  /** Largest difference seen in any output value; 0 when it holds. */
  readonly largestDifference: number
}

/** Identity of an engine, for the manifest. */
export interface EngineInfo {
  readonly name: EngineName
  /** Package name to version of everything that computes. */
  readonly versions: Readonly<Record<string, string>>
  /** Threads that one product may use. */
  readonly threads: number
  readonly device: string
  /** How it holds the matrices. */
  readonly precision: Precision
  readonly rowInvariance: RowInvariance
}

/** Layers of a model on a tensor engine. */
export interface ShardEngine extends ShardCompute {
  readonly engine: EngineInfo
}
