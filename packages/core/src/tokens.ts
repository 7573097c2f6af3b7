/** A token id in `[0, vocabSize)`. Every text inside the protocol is a list of these. */
export type TokenId = number

/** Whether a value is an id of such a vocabulary. */
export function isToken(value: unknown, vocabSize: number): value is TokenId {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < vocabSize
}

/** How the target's law is shaped before sampling. Draft model and target always use the same. */
export interface Sampling {
  /** 0 is greedy; else logits are divided by it. In [0, 2], default 0. */
  readonly temperature: number
  /** Keep the `topK` most likely tokens. Default: all. */
  readonly topK?: number
  /** Keep the smallest set of tokens with at least this mass. In (0, 1], default 1. */
  readonly topP?: number
}

/** Always the most likely token. */
export const greedySampling: Sampling = { temperature: 0 }
