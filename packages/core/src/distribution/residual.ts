import { normaliseDense } from './dense.ts'
import type { Distribution } from './distribution.ts'
import { checkSameVocabulary } from './same-vocabulary.ts'
import { sparseDistribution } from './sparse.ts'
import { walk } from './walk.ts'

export interface ResidualOptions {
  /** Factor on the draft law, the lenience of Leviathan et al. (2023), appendix A.5. In (0, 1], default 1. */
  readonly draftScale?: number
}

/**
 * The residual distribution norm(max(0, p - q)) that a rejected draft is replaced from (Leviathan et al. 2023,
 * section 2.3). Where p = q nothing is ever rejected and rounding alone asks for it: the answer is then p.
 */
export function residual(
  target: Distribution,
  draft: Distribution,
  { draftScale = 1 }: ResidualOptions = {},
): Distribution {
  checkSameVocabulary(target, draft)
  const weights = new Float64Array(target.vocabSize)
  walk(target, (id, p) => {
    weights[id] = p
  })
  walk(draft, (id, q) => {
    weights[id] = Math.max(0, (weights[id] ?? 0) - draftScale * q)
  })
  return weights.some((weight) => weight > 0) ? normaliseDense(weights) : target
}

/** (1 - share) * base + share * other. `share` in [0, 1]. */
export function mixture({
  base,
  other,
  share,
}: {
  base: Distribution
  other: Distribution
  share: number
}): Distribution {
  checkSameVocabulary(base, other)
  const weights = new Map<number, number>()
  walk(base, (id, p) => weights.set(id, (1 - share) * p))
  walk(other, (id, q) => weights.set(id, (weights.get(id) ?? 0) + share * q))
  return sparseDistribution({ vocabSize: base.vocabSize, ids: [...weights.keys()], weights: [...weights.values()] })
}
