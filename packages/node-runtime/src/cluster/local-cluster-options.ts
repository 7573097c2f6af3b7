import type { ActivationFormat } from '@dsd-lab/core'
import type { LayerRange } from '../engines/decoder/decoder-weights.ts'
import type { Precision } from '../engines/precision.ts'
import type { EngineName } from '../engines/shard-engine.ts'
import type { LinkChoice } from '../links/profiles.ts'
import type { ClusterEvent } from './cluster-events.ts'

export interface LocalClusterOptions {
  /** `bundled:lab-target`, a name of the catalogue, `hf:owner/name`, a model folder or a GGUF file. */
  readonly model: string
  /** Shard processes, 1 to the number of layers. */
  readonly nodes: number
  /** Layers of each node, head first; contiguous, all of them. Default: placed by `speeds`. `[nodes]` */
  readonly layers?: readonly LayerRange[] | undefined
  /**
   * Profile name, numbers, or one of them for each link: coordinator to head, head to next, ..., tail to coordinator
   * `[nodes + 1]`. Default: no emulation, loopback as it is.
   */
  readonly link?: LinkChoice | readonly LinkChoice[]
  /** Engine of every node. Default: chosen for the model. */
  readonly engine?: EngineName
  /** How every node holds the matrices, on engine `onnx`. Default: `as-stored` for a GGUF file, else `f32`. */
  readonly precision?: Precision
  /**
   * Relative speed of each node, to place more layers on faster ones, or `measured`: each node times a layer first.
   * Default: equal, since all share this machine. `[nodes]`
   */
  readonly speeds?: readonly number[] | 'measured'
  /** Modules that register acceptance rules when imported; loaded here and in every node. Paths or file URLs. */
  readonly ruleModules?: readonly string[]
  /** Measure the emulated links at start and refuse to go on when one is off. Default: true when a link is declared. */
  readonly selfCheck?: boolean
  /**
   * How hidden states travel between nodes. Only `f32` keeps the text of one process: `f16` and `int8` round at every hop, for a half
   * and a quarter of the bytes. Default `f32`.
   */
  readonly activations?: ActivationFormat
  /** Keys the noise of the links. Default 0. */
  readonly seed?: number
  /**
   * What the death of a shard process means. `fail`: the running round fails and names the node. `replace`: the process
   * is started again and the text replayed into it; the tokens stay the same, the time of that round does not.
   * Default `fail`.
   */
  readonly onNodeLoss?: 'fail' | 'replace'
  /** Ends the cluster. */
  readonly signal?: AbortSignal
  onEvent?(event: ClusterEvent): void
}
