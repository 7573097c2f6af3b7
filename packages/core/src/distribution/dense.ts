import type { TokenId } from '../tokens.ts'
import type { Distribution } from './distribution.ts'
import { stableSum } from './stable-sum.ts'
import { topIndices } from './top-indices.ts'

/**
 * A law that keeps one probability per token id and sorts only when `ids` or `probabilities` is first read. The core
 * walks it by id, so a vocabulary of 150 000 tokens is never sorted while decoding.
 */
export class DenseDistribution implements Distribution {
  readonly vocabSize: number
  /** Probabilities by token id. `[vocab]` */
  readonly byId: Float64Array
  #ids: Uint32Array | undefined
  #probabilities: Float64Array | undefined

  constructor(byId: Float64Array) {
    this.vocabSize = byId.length
    this.byId = byId
  }

  get ids(): Uint32Array {
    if (this.#ids === undefined) {
      const sorted = topIndices(this.byId, this.vocabSize)
      const end = sorted.findIndex((id) => this.probabilityOf(id) === 0)
      this.#ids = end < 0 ? sorted : sorted.subarray(0, end)
    }
    return this.#ids
  }

  get probabilities(): Float64Array {
    this.#probabilities ??= Float64Array.from(this.ids, (id) => this.probabilityOf(id))
    return this.#probabilities
  }

  probabilityOf(id: TokenId): number {
    return this.byId[id] ?? 0
  }
}

/** Scales non-negative weights, in place, to sum 1. `[vocab]` -> `[vocab]` */
export function normaliseDense(weights: Float64Array): DenseDistribution {
  const total = stableSum(weights)
  for (let id = 0; id < weights.length; id++) weights[id] = (weights[id] ?? 0) / total
  return new DenseDistribution(weights)
}
