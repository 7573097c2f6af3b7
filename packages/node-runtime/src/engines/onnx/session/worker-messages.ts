/** What a worker needs to start; everything can be cloned. */
export interface WorkerSetup {
  /** A `ModelProto`. */
  readonly graph: Uint8Array<ArrayBuffer>
  /** Folder of the weight files that the graph names. */
  readonly dir: string
  readonly threads: number
  /** How long a waiting thread keeps its core before it sleeps. */
  readonly spinUs: number
  /** Core of each thread but the worker, `[threads - 1]`; empty: wherever the system puts them. */
  readonly cores: readonly number[]
  /** Whether all other work of the machine goes first. */
  readonly background: boolean
  readonly layers: number
  readonly kvHeads: number
  /** Of the caches; may be padded. */
  readonly headDim: number
  readonly hiddenSize: number
  readonly vocabSize: number
  readonly tail: boolean
  /** Radians per position of each pair of dimensions, `[pairs]`; absent where positions are learned. */
  readonly frequencies: Float64Array | undefined
}

export interface ForwardJob {
  readonly start: number
  /** `[rows, hidden]` */
  readonly hidden: Float32Array
  readonly rows: number
  /** First row whose logits are wanted. */
  readonly logitsFrom: number
}

export type WorkerRequest =
  | { readonly kind: 'forward'; readonly id: number; readonly session: number; readonly job: ForwardJob }
  | { readonly kind: 'close'; readonly session: number }

export type WorkerReply =
  /** The graph is loaded. */
  | { readonly kind: 'ready' }
  /** Hidden states `[rows, hidden]`, or at the tail logits `[rows, vocab]`. */
  | { readonly kind: 'result'; readonly id: number; readonly values: Float32Array<ArrayBuffer> }
  | { readonly kind: 'failed'; readonly id: number | undefined; readonly message: string }
