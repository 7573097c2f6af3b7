import { exponentialOf, type UniformField } from '../random/streams.ts'
import type { TokenId } from '../tokens.ts'
import { DenseDistribution } from './dense.ts'
import type { Distribution } from './distribution.ts'

/**
 * Draws a token: argmax over ids of (ln p + G) with G the Gumbel noise of `field`, ties to the lowest id. Run as its
 * equal, the exponential race argmin of E / p with E = -ln(1 - u), which needs a logarithm only for the few tokens
 * that could still win. The result depends on nothing but the law and the field.
 */
export function sampleToken(distribution: Distribution, field: UniformField): TokenId {
  return distribution instanceof DenseDistribution
    ? raceById(distribution.byId, field)
    : raceSupport(distribution, field)
}

const SMALLEST_UNIFORM = 2 ** -53
/** Widens the early refusal so that no rounding can refuse a winner. */
const SLACK = 1 + 2 ** -40

function raceById(byId: Float64Array, field: UniformField): TokenId {
  let winner = 0
  let best = Number.POSITIVE_INFINITY
  for (let id = 0; id < byId.length; id++) {
    const probability = byId[id] ?? 0
    // E >= u, so a token can win only where u <= best * p.
    const reach = probability * best * SLACK
    if (!(reach >= SMALLEST_UNIFORM)) continue
    const uniform = field.at(id)
    if (uniform > reach) continue
    const arrival = exponentialOf(uniform) / probability
    if (arrival < best) {
      best = arrival
      winner = id
    }
  }
  return winner
}

function raceSupport({ ids, probabilities }: Distribution, field: UniformField): TokenId {
  let winner = ids[0] ?? 0
  if (ids.length < 2) return winner
  let best = Number.POSITIVE_INFINITY
  for (let slot = 0; slot < ids.length; slot++) {
    const probability = probabilities[slot] ?? 0
    const reach = probability * best * SLACK
    if (!(reach >= SMALLEST_UNIFORM)) continue
    const id = ids[slot] ?? 0
    const uniform = field.at(id)
    if (uniform > reach) continue
    const arrival = exponentialOf(uniform) / probability
    if (arrival < best || (arrival === best && id < winner)) {
      best = arrival
      winner = id
    }
  }
  return winner
}
