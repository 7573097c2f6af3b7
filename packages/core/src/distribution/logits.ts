import { DsdError } from '../errors.ts'
import type { TokenId } from '../tokens.ts'

/**
 * Lowest id with the largest logit. `[vocab]`
 * @throws DsdError (`numeric`) naming the position when a logit is NaN or infinite.
 */
export function argmaxLogit(logits: Float32Array, position?: number): TokenId {
  let best = 0
  let largest = Number.NEGATIVE_INFINITY
  for (let id = 0; id < logits.length; id++) {
    const logit = logits[id] ?? Number.NaN
    // False for NaN and both infinities, true for every finite number.
    if (!(logit - logit === 0)) throw notFinite({ logit, id, position })
    if (logit > largest) {
      largest = logit
      best = id
    }
  }
  return best
}

/** Ids of the two largest logits, ties by lower id; `second` is undefined for a vocabulary of one. `[vocab]` */
export function topTwo(logits: Float32Array): { readonly first: TokenId; readonly second: TokenId | undefined } {
  let first = 0
  let second: TokenId | undefined
  let largest = logits[0] ?? 0
  let runnerUp = Number.NEGATIVE_INFINITY
  for (let id = 1; id < logits.length; id++) {
    const logit = logits[id] ?? Number.NEGATIVE_INFINITY
    if (logit > largest) {
      second = first
      runnerUp = largest
      first = id
      largest = logit
    } else if (logit > runnerUp) {
      second = id
      runnerUp = logit
    }
  }
  return { first, second }
}

/** Gap of the two largest logits, nats at temperature 1; 0 on a tie, infinite for a vocabulary of one. `[vocab]` */
export function logitMargin(logits: Float32Array): number {
  const { first, second } = topTwo(logits)
  return second === undefined ? Number.POSITIVE_INFINITY : (logits[first] ?? 0) - (logits[second] ?? 0)
}

export interface SoftmaxRequest {
  readonly temperature: number
  /** Named when a logit is not finite. */
  readonly position?: number | undefined
}

/** exp((z - max z) / temperature) per token: a softmax before normalisation, largest entry 1. `[vocab]` */
export function softmaxWeights(logits: Float32Array, { temperature, position }: SoftmaxRequest): Float64Array {
  const largest = logits[argmaxLogit(logits, position)] ?? 0
  const weights = new Float64Array(logits.length)
  for (let id = 0; id < weights.length; id++) weights[id] = Math.exp(((logits[id] ?? 0) - largest) / temperature)
  return weights
}

/** Probability of one token at temperature 1 without truncation. */
export function softmaxProbability(logits: Float32Array, id: TokenId): number {
  const largest = logits[argmaxLogit(logits)] ?? 0
  let total = 0
  for (let other = 0; other < logits.length; other++) total += Math.exp((logits[other] ?? 0) - largest)
  return Math.exp((logits[id] ?? Number.NEGATIVE_INFINITY) - largest) / total
}

function notFinite({ logit, id, position }: { logit: number; id: TokenId; position: number | undefined }): DsdError {
  return new DsdError(`the logit of token ${id} is ${logit}`, {
    kind: 'numeric',
    ...(position === undefined ? {} : { where: `position ${position}` }),
    fix: 'check the weights and the engine (exp doctor), or use an engine with f32 arithmetic',
  })
}
