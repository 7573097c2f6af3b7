import type { TokenId } from '../tokens.ts'
import { DenseDistribution } from './dense.ts'
import type { Distribution } from './distribution.ts'

/** Visits every token of positive probability, by id where that spares a sort, else most likely first. */
export function walk(distribution: Distribution, visit: (id: TokenId, probability: number) => void): void {
  if (distribution instanceof DenseDistribution) {
    const { byId } = distribution
    for (let id = 0; id < byId.length; id++) {
      const probability = byId[id] ?? 0
      if (probability > 0) visit(id, probability)
    }
    return
  }
  const { ids, probabilities } = distribution
  for (let slot = 0; slot < ids.length; slot++) visit(ids[slot] ?? 0, probabilities[slot] ?? 0)
}

/** Most likely token, lowest id on ties. */
export function mostLikely(distribution: Distribution): TokenId {
  if (!(distribution instanceof DenseDistribution)) return distribution.ids[0] ?? 0
  const { byId } = distribution
  let best = 0
  for (let id = 1; id < byId.length; id++) if ((byId[id] ?? 0) > (byId[best] ?? 0)) best = id
  return best
}
