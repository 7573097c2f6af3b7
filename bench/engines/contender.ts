import type { Resident } from './resident.ts'

/** One engine with one model, in a process of its own. */
export interface Contender {
  readonly name: string
  /** Computes ids from position `start` on, forgetting every later one, with the logits of every row. */
  window(start: number, ids: readonly number[]): Promise<void>
  /** Computes a whole prompt from an empty cache, with the logits of its last row. */
  prefill(ids: readonly number[]): Promise<void>
}

export interface ContenderRequest {
  /** Path of a GGUF file. */
  readonly model: string
  readonly threads: number
  /** Positions that the cache must hold. */
  readonly positions: number
}

export type Job =
  | { readonly kind: 'window'; readonly start: number; readonly ids: readonly number[] }
  | { readonly kind: 'prefill'; readonly ids: readonly number[] }

/** What the process says: once when it is ready, then after each job. */
export interface Loaded extends Resident {
  readonly name: string
  readonly loadMs: number
}
export interface Done {
  readonly ms: number
  readonly residentBytes: number
}
