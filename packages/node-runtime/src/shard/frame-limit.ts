/** Rows of the largest window that a node takes; longer prompts travel in several. */
export const MAX_ROWS = 1024

/** Envelope of a window, a verdict with its annotations, or the text that opens a session. */
const ENVELOPE_BYTES = 64 * 1024
/** Id, and a law of at most 255 tokens at 5 bytes. */
const ROW_BYTES = 4 + 1 + 5 * 255

/** Largest frame on any connection of a target with this hidden size, bytes: what `maxPayload` is set to. */
export function frameLimit(hiddenSize: number): number {
  return ENVELOPE_BYTES + MAX_ROWS * (ROW_BYTES + 4 * hiddenSize)
}
