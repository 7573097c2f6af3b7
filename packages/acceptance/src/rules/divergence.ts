import { type Distribution, jsDivergence, klDivergence, totalVariation } from '@dsd-lab/core'
import { z } from 'zod'
import { defineRule } from '../define-rule.ts'
import { comparedLaws } from './compared-laws.ts'
import { keepOwnOr } from './keep-if.ts'

const VARIANTS = ['js', 'kl', 'tv'] as const

const divergences: Record<(typeof VARIANTS)[number], (target: Distribution, draft: Distribution) => number> = {
  js: jsDivergence,
  kl: (target, draft) => klDivergence(draft, target),
  tv: totalVariation,
}

/**
 * Fuzzy speculative decoding (arXiv 2502.20704): the draft stands where the two laws are close. t is the target's own choice:
 *
 *     accept x iff x = t or D(p, q) <= threshold;  on reject emit t
 *
 * `variant` names D: `js`, the Jensen-Shannon divergence of Lin (1991), at most ln 2 (published code computes a reversed and
 * unbounded one); `kl`, KL(q || p), since q travels truncated and KL(p || q) would be infinite; `tv`. Default `js`.
 * `threshold` >= 0, required: nats, for `tv` a share. p and q after warping; at temperature 0 both at temperature 1.
 *
 * D follows from the laws alone, so with x ~ q the output law is q where D <= threshold and p elsewhere. It deviates from p by
 * TV(p, q), which is at most `threshold` for `tv`, sqrt(2 threshold) for `js`, sqrt(threshold / 2) for `kl` (Pinsker).
 * Not lossless. Ids and the sparse draft law travel.
 */
export const divergence = defineRule({
  name: 'divergence',
  parameters: {
    threshold: z.number().gte(0).describe('a number of at least 0'),
    variant: z
      .enum(VARIANTS)
      .default('js')
      .describe(`one of ${VARIANTS.join(', ')}`),
  },
  create: ({ threshold, variant }, context) => ({
    lossless: false,
    needs: 'distribution',
    drawsWhenGreedy: false,
    decide: keepOwnOr((row) => {
      const { target, draft } = comparedLaws(row, context)
      return divergences[variant](target, draft) <= threshold
    }),
  }),
})
