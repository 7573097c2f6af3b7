/** One recorded text, as much of it as decides rounds: where the draft model said what the target says. */
export interface RecordedAnswer {
  /** Index of the text in its task; keys jitter and loss. */
  readonly sequence: number
  readonly promptTokens: number
  /** Largest total length, prompt included. */
  readonly maxLength: number
  /** `1` where the draft is the text's own token, else `0`. `[text]` */
  readonly matches: string
  /** What the session's opening adds to the first window. */
  readonly openingBytes: number
}

export interface RecordedTask {
  readonly task: string
  /** Texts that were recorded; the first of them are here. */
  readonly recorded: number
  readonly answers: readonly RecordedAnswer[]
}
