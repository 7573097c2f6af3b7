import type { BlockRows } from './block-rows.ts'

/** Fills block rows with the very values of stored GGUF blocks: only their layout changes. */
export type Transcode = (stored: DataView, out: BlockRows) => void
