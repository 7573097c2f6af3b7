import { targetToken } from '@dsd-lab/core'
import { z } from 'zod'
import { correct, keep, relax } from '../decisions.ts'
import { defineRule } from '../define-rule.ts'

/**
 * The control for every rule that relaxes by importance: relaxes as often, but blindly. With t the target's own choice
 * and u a keyed uniform independent of it:
 *
 *     accept x iff x = t or u <= rate;  on reject emit t
 *
 * `rate` in [0, 1], required: the share of mismatches that is accepted. With x ~ q the output law is exactly
 * (1 - rate) p + rate q. Lossless only at rate 0. Ids travel.
 */
export const randomRelaxation = defineRule({
  name: 'random-relaxation',
  parameters: { rate: z.number().gte(0).lte(1).describe('a number from 0 to 1') },
  create: ({ rate }) => ({
    lossless: rate === 0,
    drafting: 'coupled',
    decide(row) {
      const own = targetToken(row)
      if (row.drafted === own) return keep()
      return row.noise.acceptUniform() <= rate ? relax() : correct(own)
    },
  }),
})
