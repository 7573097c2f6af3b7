import type { TokenId } from '../tokens.ts'

/** Rows entering a shard: token ids on the shard that embeds, hidden states `[rows, dim]` on the others. */
export type ShardInput =
  | { readonly kind: 'ids'; readonly ids: readonly TokenId[] }
  | { readonly kind: 'hidden'; readonly rows: number; readonly hidden: Float32Array }

/** Rows leaving it: hidden states `[rows, dim]`, or at the tail logits of the rows from `logitsFrom` on, `[rows - logitsFrom, vocab]`. */
export type ShardOutput =
  | { readonly kind: 'hidden'; readonly rows: number; readonly hidden: Float32Array }
  | { readonly kind: 'logits'; readonly rows: number; readonly logits: Float32Array }

export interface ForwardRequest {
  /** Position of the first row; KV rows at and after it are overwritten (this is the rollback). */
  readonly start: number
  readonly input: ShardInput
  /** Tail only: first row whose logits are wanted; `rows` or more means none. Default 0. */
  readonly logitsFrom?: number
}

/** KV cache and layers of one text on one shard. Row bits must not depend on the window they are computed in. */
export interface ShardSession {
  /** Valid KV rows. */
  readonly length: number
  forward(request: ForwardRequest): Promise<ShardOutput>
  close(): void
}

/** What the shard state machine asks of an engine: layers `[from, to)` of a model, with KV caches. */
export interface ShardCompute extends AsyncDisposable {
  readonly layers: { readonly from: number; readonly to: number }
  readonly embeds: boolean
  readonly tail: boolean
  readonly hiddenSize: number
  readonly vocabSize: number
  /** Largest number of positions. */
  readonly maxLength: number
  openSession(): ShardSession
}
