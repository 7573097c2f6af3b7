/** Time as a loop sees it: real on a wall clock, charged by a cost model on a virtual one. Milliseconds, monotone. */
export interface Clock {
  readonly kind: 'wall' | 'virtual'
  now(): number
  /** Resolves when `now()` has grown by `ms`; a virtual clock jumps. Rejects with the signal's reason when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}
