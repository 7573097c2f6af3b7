import { topTwo } from '@dsd-lab/core'
import { z } from 'zod'
import { defineRule } from '../define-rule.ts'
import { gapNats, keepOwnOr } from './keep-if.ts'

/**
 * The shift-invariant form of `margin` (ours): logits z1 >= z2, t the target's own choice:
 *
 *     accept x iff x = t, or x is among the two best and z1 - z(x) <= M;  on reject emit t
 *
 * At temperature 0, t = argmax p. `nats` is M >= 0, default 0.7. No token but t is kept that is less likely than exp(-M) p(1) at
 * temperature 1. Lossless only at temperature 0 with nats 0, where even a tie is the target's. Ids travel.
 */
export const marginNats = defineRule({
  name: 'margin-nats',
  parameters: { nats: z.number().gte(0).default(0.7).describe('a number of nats, at least 0') },
  create: ({ nats }, { temperature }) => ({
    lossless: temperature === 0 && nats === 0,
    drawsWhenGreedy: false,
    decide: keepOwnOr((row) => {
      const { first, second } = topTwo(row.logits)
      if (row.drafted === first) return true
      return row.drafted === second && nats > 0 && gapNats(row, first) <= nats
    }),
  }),
})
