/** A text to be decoded greedily by everyone. */
export interface DecodingTask {
  /** Path of a GGUF file. */
  readonly model: string
  /** Absent: plain decoding. `ahead`: the next window is drafted while one travels. */
  readonly draft?: { readonly path: string; readonly gamma: number; readonly ahead: boolean }
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
