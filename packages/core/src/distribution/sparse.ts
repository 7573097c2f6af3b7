import type { TokenId } from '../tokens.ts'
import type { Distribution } from './distribution.ts'
import { stableSum } from './stable-sum.ts'

export interface WeightedTokens {
  readonly vocabSize: number
  /** Distinct token ids in any order. `[support]` */
  readonly ids: ArrayLike<TokenId>
  /** Weights of them, at least one positive; scaled to sum 1. `[support]` */
  readonly weights: ArrayLike<number>
}

/** The law proportional to the weights; tokens of weight 0 fall out of the support. */
export function sparseDistribution({ vocabSize, ids, weights }: WeightedTokens): Distribution {
  const total = stableSum(weights)
  const weightAt = (slot: number): number => weights[slot] ?? 0
  const idAt = (slot: number): TokenId => ids[slot] ?? 0
  const slots = Array.from({ length: ids.length }, (_, slot) => slot)
    .filter((slot) => weightAt(slot) > 0)
    .sort((a, b) => weightAt(b) - weightAt(a) || idAt(a) - idAt(b))
  return new SparseDistribution({
    vocabSize,
    ids: Uint32Array.from(slots, idAt),
    probabilities: Float64Array.from(slots, (slot) => weightAt(slot) / total),
  })
}

/** All mass on one token: the law of greedy decoding, and of a drafter without chance in it. */
export function pointMass(id: TokenId, vocabSize: number): Distribution {
  return {
    vocabSize,
    ids: Uint32Array.of(id),
    probabilities: Float64Array.of(1),
    probabilityOf: (x) => (x === id ? 1 : 0),
  }
}

class SparseDistribution implements Distribution {
  readonly vocabSize: number
  readonly ids: Uint32Array
  readonly probabilities: Float64Array
  #slotOf: Map<TokenId, number> | undefined

  constructor({ vocabSize, ids, probabilities }: Pick<Distribution, 'vocabSize' | 'ids' | 'probabilities'>) {
    this.vocabSize = vocabSize
    this.ids = ids
    this.probabilities = probabilities
  }

  probabilityOf(id: TokenId): number {
    this.#slotOf ??= new Map(Array.from(this.ids, (token, slot) => [token, slot]))
    const slot = this.#slotOf.get(id)
    return slot === undefined ? 0 : (this.probabilities[slot] ?? 0)
  }
}
