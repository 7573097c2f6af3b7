import { DsdError } from '../errors.ts'
import { DenseDistribution } from './dense.ts'
import type { Distribution } from './distribution.ts'
import { sparseDistribution } from './sparse.ts'
import { topIndices } from './top-indices.ts'

/** Weights of a quantised law sum to this. */
export const LAW_SCALE = 2 ** 16

/** Largest support that one length byte can announce on the wire. */
export const LARGEST_SUPPORT = 255

/**
 * A law that travels exactly: the `support` most likely tokens, renormalised and rounded to integers of 2^-16 by largest
 * remainder. A rejection rule stays exact only if the draft is sampled from this very law (truncate, quantise, then sample).
 * @param support Tokens kept, 1..255, default 32; those that round to weight 0 fall out.
 */
export function quantise(distribution: Distribution, support = 32): Distribution {
  if (!Number.isInteger(support) || support < 1 || support > LARGEST_SUPPORT) {
    throw new DsdError(`${support} is not a support size`, {
      kind: 'bad-input',
      where: 'support',
      fix: `give an integer from 1 to ${LARGEST_SUPPORT}`,
    })
  }
  const { vocabSize } = distribution
  const ids =
    distribution instanceof DenseDistribution
      ? topIndices(distribution.byId, support)
      : distribution.ids.subarray(0, support)
  const kept = Array.from(ids, (id) => distribution.probabilityOf(id))
  return sparseDistribution({ vocabSize, ids, weights: roundToScale(kept) })
}

/** Integers in proportion to the shares, summing to `LAW_SCALE`: floors, then one more for the largest remainders. */
function roundToScale(shares: readonly number[]): number[] {
  const mass = shares.reduce((sum, share) => sum + share, 0)
  const exact = shares.map((share) => (share / mass) * LAW_SCALE)
  const weights = exact.map(Math.floor)
  const missing = LAW_SCALE - weights.reduce((sum, weight) => sum + weight, 0)
  const byRemainder = exact.map((value, slot) => ({ slot, remainder: value - Math.floor(value) }))
  byRemainder.sort((a, b) => b.remainder - a.remainder || a.slot - b.slot)
  for (const { slot } of byRemainder.slice(0, missing)) weights[slot] = (weights[slot] ?? 0) + 1
  return weights
}
