import type { DigestChain, Extension } from './digest.ts'
import type { WindowFrame } from './frames/frame.ts'

/** What the guards may look at. */
export interface ShardView {
  readonly term: number
  readonly epoch: number
  /** Epochs below it are cancelled. */
  readonly fence: number
  readonly lastSeq: number
  readonly floor: number
  readonly written: number
  readonly admitted: number
  readonly digests: DigestChain
  readonly queued: readonly { readonly window: WindowFrame }[]
}

/**
 * The decisions that keep a shard right under faults, one by one, so that a test can take one away and watch which
 * invariant breaks. Each names what goes wrong without it.
 */
export interface ShardGuards {
  /** A coordinator that was replaced keeps sending. */
  isZombie(window: WindowFrame, shard: ShardView): boolean
  /** Late windows of a cancelled epoch rewind the cache. */
  isStale(window: WindowFrame, shard: ShardView): boolean
  /** A window delivered twice is computed and judged twice. */
  isRepeated(window: WindowFrame, shard: ShardView): boolean
  /** A lost window leaves rows of another text in its place. */
  isGap(window: WindowFrame, shard: ShardView): boolean
  /** Rows are computed over positions that were never written. */
  isHole(window: WindowFrame, shard: ShardView): boolean
  /** Settled rows are overwritten by an old window. */
  isBelowFloor(window: WindowFrame, shard: ShardView): boolean
  /** The cache holds another text than the one the window continues. */
  isDiverged(window: WindowFrame, shard: ShardView): boolean
  /** The ids are not those that the coordinator meant. */
  isForged(window: WindowFrame, extension: Extension): boolean
  /** Rows that dropped windows would have written are counted as there when a new epoch begins. */
  admittedAfterCut(shard: ShardView): number
  /** The cache is rolled back to where the window starts: rejected rows are not read again. */
  rollbackTo(window: WindowFrame): number
}

export const shardGuards: ShardGuards = {
  isZombie: (window, { term }) => window.term < term,
  isStale: (window, { epoch, fence }) => window.epoch < Math.max(epoch, fence),
  isRepeated: (window, { epoch, lastSeq }) => window.epoch === epoch && window.seq <= lastSeq,
  isGap: (window, { epoch, lastSeq }) => (window.epoch === epoch ? window.seq !== lastSeq + 1 : !window.newEpoch),
  isHole: (window, { admitted }) => window.start > admitted,
  isBelowFloor: (window, { floor }) => window.start < floor && window.forced === 0,
  isDiverged: (window, { digests }) => digests.at(window.start) !== window.pre,
  isForged: (window, { post }) => post !== window.post,
  admittedAfterCut: ({ admitted, written, queued }) =>
    Math.min(admitted, written, ...queued.map(({ window }) => window.start)),
  rollbackTo: (window) => window.start,
}
