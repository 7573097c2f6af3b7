import { klDivergence, mostLikely } from '@dsd-lab/core'
import { z } from 'zod'
import { defineRule } from '../define-rule.ts'
import { comparedLaws } from './compared-laws.ts'
import { keepOwnOr } from './keep-if.ts'

/**
 * KL as a judge without training (arXiv 2601.04766): strict where the target is sure, by divergence elsewhere. t is the
 * target's own choice:
 *
 *     p(1) > mask:   accept x iff x = t
 *     else:          accept x iff x = t or KL(q || p) <= threshold
 *     on reject emit t
 *
 * The direction of KL and its threshold are our choice: q travels truncated, and KL(p || q) would be infinite. p and q after
 * warping; at temperature 0 both at temperature 1. `threshold` >= 0 nats, required; `mask` in [0, 1], default 0.9.
 * With x ~ q the output law is q where the judge relaxes and p elsewhere: it deviates from p by at most sqrt(threshold / 2).
 * Lossless only at mask 0. Ids and the sparse draft law travel.
 */
export const klJudge = defineRule({
  name: 'kl-judge',
  parameters: {
    threshold: z.number().gte(0).describe('a number of nats, at least 0'),
    mask: z.number().gte(0).lte(1).default(0.9).describe('a number from 0 to 1'),
  },
  create: ({ threshold, mask }, context) => ({
    lossless: mask === 0,
    needs: 'distribution',
    drawsWhenGreedy: false,
    decide: keepOwnOr((row) => {
      const { target, draft } = comparedLaws(row, context)
      return target.probabilityOf(mostLikely(target)) <= mask && klDivergence(draft, target) <= threshold
    }),
  }),
})
