import type { DraftedRow } from '@dsd-lab/core'

/** Place of the draft among the target's tokens: 1 for the most likely, ties by lower id. */
export function rankOf({ logits, drafted }: DraftedRow): number {
  const own = logits[drafted] ?? Number.NEGATIVE_INFINITY
  let rank = 1
  for (let id = 0; id < logits.length; id++) {
    const logit = logits[id] ?? Number.NEGATIVE_INFINITY
    if (logit > own || (logit === own && id < drafted)) rank++
  }
  return rank
}
