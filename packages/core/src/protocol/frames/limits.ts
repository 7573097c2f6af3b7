import { HEADER_BYTES } from './header.ts'
import { TRAILER_BYTES } from './trailer.ts'

/** What a node accepts; a frame outside of it is refused before anything is allocated for it. */
export interface FrameLimits {
  /** Rows of one window. */
  readonly maxRows: number
  /** Positions of a text. */
  readonly maxLength: number
  readonly vocabSize: number
  /** Width of hidden states. */
  readonly hiddenSize: number
}

/** Rows of one window where nothing else is said. */
export const DEFAULT_MAX_ROWS = 1024
/** Longest OPEN section or error line inside a frame. */
export const LONGEST_TEXT_BYTES = 0xffff
/** Trailers that one byte can count. */
export const MOST_STAGES = 255
/** Digests in one report. */
export const LONGEST_LADDER = 64

/** Fields of a window before its ids. */
export const WINDOW_FIELDS_BYTES = 28
const LARGEST_LAW_BYTES = 1 + 5 * 255

/** Largest frame within the limits, for the payload limit of a transport. */
export function largestFrameBytes({ maxRows, hiddenSize }: Pick<FrameLimits, 'maxRows' | 'hiddenSize'>): number {
  const perRow = 4 + LARGEST_LAW_BYTES + 4 * hiddenSize
  return HEADER_BYTES + WINDOW_FIELDS_BYTES + LONGEST_TEXT_BYTES + maxRows * perRow + MOST_STAGES * TRAILER_BYTES
}
