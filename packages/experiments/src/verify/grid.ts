/** What is compared: every combination, on every prompt. */
export interface Grid {
  /** Numbers of shards that the target is really cut into. */
  readonly nodes: readonly number[]
  readonly gammas: readonly number[]
  readonly temperatures: readonly number[]
  readonly seed: number
}

/** One text that has to equal the reference. */
export interface Combination {
  readonly nodes: number
  readonly gamma: number
  readonly temperature: number
  /** `coupled`, and at temperature 0 also `greedy`. */
  readonly rule: 'coupled' | 'greedy'
}

export function combinations({ nodes, gammas, temperatures }: Grid): Combination[] {
  return temperatures.flatMap((temperature) =>
    (temperature === 0 ? (['coupled', 'greedy'] as const) : (['coupled'] as const)).flatMap((rule) =>
      nodes.flatMap((count) => gammas.map((gamma) => ({ nodes: count, gamma, temperature, rule }))),
    ),
  )
}

/** A prompt of an experiment; its place keys the noise. */
export interface NumberedPrompt {
  readonly item: string
  readonly sequence: number
  readonly text: string
  readonly maxTokens: number
}

/** Where a text first differs from plain decoding. */
export interface Divergence {
  readonly item: string
  readonly combination: Combination
  readonly live: boolean
  /** Place in the answer. */
  readonly place: number
  readonly expected: number | undefined
  readonly found: number | undefined
  /** Gap of the two largest target logits there in plain decoding. */
  readonly marginNats: number | undefined
}
