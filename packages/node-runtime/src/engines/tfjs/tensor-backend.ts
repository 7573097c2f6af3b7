import type tfjs from '@tensorflow/tfjs-core'
import type { EngineName } from '../shard-engine.ts'

/** A tfjs package with its backend started. */
export interface TensorBackend {
  readonly name: EngineName
  readonly tf: typeof tfjs
  /** Name under which tfjs knows the backend: `wasm`, `cpu` or `tensorflow`. */
  readonly backendName: string
  /** Package name to version of everything that computes. */
  readonly versions: Readonly<Record<string, string>>
  /** Threads that one product may use. */
  readonly threads: number
  readonly device: string
  /**
   * Rows that one pass of the product's inner kernel takes. A rest that one-row passes do faster is split off.
   * `undefined`: the kernel takes any number.
   */
  readonly rowTile: number | undefined
  /** Most bytes of weights that fit beside the rows in flight. `undefined`: as many as the machine has memory. */
  readonly capacityBytes: number | undefined
}
