export interface ChunkRequest {
  /** Rows whose successors are known. */
  readonly forced: number
  readonly drafts: number
  /** Largest number of rows in one window; at least `drafts + 2`. */
  readonly maxRows: number
}

/**
 * Rows of each window of a round: all drafts ride on the last one, and each window leaves at least one forced row to the
 * next, whose ids the coordinator then vouches for.
 */
export function chunkRows({ forced, drafts, maxRows }: ChunkRequest): number[] {
  const chunks: number[] = []
  let left = forced
  while (left + 1 + drafts > maxRows) {
    const rows = Math.min(maxRows, left - 1)
    chunks.push(rows)
    left -= rows
  }
  return [...chunks, left + 1 + drafts]
}
