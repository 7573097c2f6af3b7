import { type Distribution, entropyNats, jsDivergence, klDivergence, overlap, type TokenId } from '@dsd-lab/core'

/** What the target's row alone says about a drafted token: free at the tail, whatever travels. */
export interface RowSignals {
  /** H(p) of the untempered target law, nats. */
  readonly entropy: number
  /** FLy's -sum over the three most likely tokens of p ln p, p not renormalised, nats. */
  readonly top3Entropy: number
  /** Probability of the target's most likely token. */
  readonly top1: number
  /** Gap of the two largest logits, nats. */
  readonly margin: number
  /** ln p(1) - ln p(x), what the target gives up by taking the drafted token x, nats. */
  readonly gap: number
  /** -ln p(x), nats. */
  readonly surprisal: number
  /** Tokens that the target holds more likely than x; 0 for its first choice. */
  readonly rank: number
}

/** What also needs the draft law q at the verifier. */
export interface DraftSignals {
  /** sum min(p, q), in [0, 1]. */
  readonly overlap: number
  /** KL(p || q), nats, at most `LARGEST_KL`. */
  readonly klTargetDraft: number
  /** KL(q || p), nats, at most `LARGEST_KL`. */
  readonly klDraftTarget: number
  /** JS(p, q), nats, at most ln 2. */
  readonly js: number
  /** |H(p) - H(q)| / max(H(p), H(q)), in [0, 1]; 0 where both are certain. */
  readonly entropyRatio: number
}

/** A divergence above this says no more: e^-50 is no probability that a model means. */
export const LARGEST_KL = 50

/**
 * Signals 1 to 6 of a row.
 *
 * @param logits raw target logits. `[vocab]`
 * @param law their softmax at temperature 1
 */
export function rowSignals({
  logits,
  law,
  drafted,
}: {
  readonly logits: Float32Array
  readonly law: Distribution
  readonly drafted: TokenId
}): RowSignals {
  const largest = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY]
  const own = logits[drafted] ?? Number.NEGATIVE_INFINITY
  let rank = 0
  for (const logit of logits) {
    if (logit > own) rank++
    if (logit > (largest[2] ?? 0)) {
      largest[2] = logit
      largest.sort((a, b) => b - a)
    }
  }
  const [first = 0, second = 0] = largest
  const top1 = law.probabilityOf(logits.indexOf(first))
  const top = largest.map((logit) => top1 * Math.exp(logit - first))
  return {
    entropy: entropyNats(law),
    top3Entropy: Math.max(0, -top.reduce((sum, p) => sum + (p > 0 ? p * Math.log(p) : 0), 0)),
    top1,
    margin: first - second,
    gap: first - own,
    surprisal: first - own - Math.log(top1),
    rank,
  }
}

/** Signals 7 to 9 of a row. */
export function draftSignals(target: Distribution, draft: Distribution): DraftSignals {
  const [ours, theirs] = [entropyNats(target), entropyNats(draft)]
  const larger = Math.max(ours, theirs)
  return {
    overlap: overlap(target, draft),
    klTargetDraft: Math.min(LARGEST_KL, klDivergence(target, draft)),
    klDraftTarget: Math.min(LARGEST_KL, klDivergence(draft, target)),
    js: jsDivergence(target, draft),
    entropyRatio: larger === 0 ? 0 : Math.abs(ours - theirs) / larger,
  }
}
