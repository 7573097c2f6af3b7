import { entropyNats, targetToken } from '@dsd-lab/core'
import { z } from 'zod'
import { correct, keep, relax } from '../decisions.ts'
import { defineRule } from '../define-rule.ts'

/**
 * Typical acceptance (Cai et al. 2024, Medusa, section 2.3.1), H(p) in nats:
 *
 *     accept x iff p(x) > min(eps, delta exp(-H(p)));  on reject emit t ~ p
 *
 * `eps` in [0, 1), default 0.09, the hard floor; `delta` in [0, 1], default 0.3, the share of a typical probability.
 * Drafts are the drafter's most likely tokens, as Medusa's heads propose. Not lossless; at temperature 0, where p has all
 * its mass on the argmax, it is `greedy`. Ids travel.
 */
export const typical = defineRule({
  name: 'typical',
  parameters: {
    eps: z.number().gte(0).lt(1).default(0.09).describe('a number from 0 up to, not including, 1'),
    delta: z.number().gte(0).lte(1).default(0.3).describe('a number from 0 to 1'),
  },
  create: ({ eps, delta }, { temperature }) => ({
    lossless: temperature === 0,
    drafting: 'greedy',
    drawsWhenGreedy: false,
    decide(row) {
      const own = targetToken(row)
      const floor = Math.min(eps, delta * Math.exp(-entropyNats(row.target)))
      if (row.target.probabilityOf(row.drafted) <= floor) return correct(own)
      return row.drafted === own ? keep() : relax()
    },
  }),
})
