import type { Precision } from '@dsd-lab/node-runtime'

export interface DraftingTask {
  /** Path of a GGUF file. */
  readonly path: string
  readonly gamma: number
  /** Ours alone: the next window is drafted while one travels. */
  readonly ahead?: boolean
  /** Ours alone: how the draft model is held. Default `as-stored`. */
  readonly precision?: Precision
}

/** A text to be decoded greedily by everyone. */
export interface DecodingTask {
  /** Path of a GGUF file. */
  readonly model: string
  /** Absent: plain decoding. */
  readonly draft?: DraftingTask
  readonly prompt: string
  /** Decoded first and not counted. */
  readonly warmUpTokens: number
  readonly tokens: number
}

export interface Pace {
  readonly tokensPerSecond: number
  /** Of the longest run: fewer than asked for when the text ended. */
  readonly tokens: number
}
