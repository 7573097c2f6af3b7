import { topTwo } from '@dsd-lab/core'
import { z } from 'zod'
import { defineRule } from '../define-rule.ts'
import { keepOwnOr } from './keep-if.ts'

/**
 * Margin-aware verification (MARS, arXiv 2601.15498), on raw logits z1 >= z2, t the target's own choice:
 *
 *     accept x iff x = t, or x is the best token, or x is the second and z2 / z1 > theta;  on reject emit t
 *
 * The ratio is kept as published, for comparison: adding a constant to all logits changes it while p stays the same, and where
 * z1 <= 0 it says nothing (two negative logits pass whatever their gap). Annotations of this rule give such positions, and no
 * others, importance 1 and the reason `negative-logits`: a trace says how often it happened. `margin-nats` has not the flaw.
 * Published for temperature 0, where t = argmax p. `theta` in [0, 1], default 0.9. Not lossless. Ids travel.
 */
export const margin = defineRule({
  name: 'margin',
  parameters: { theta: z.number().gte(0).lte(1).default(0.9).describe('a number from 0 to 1') },
  create: ({ theta }) => ({
    lossless: false,
    drawsWhenGreedy: false,
    decide: keepOwnOr(({ logits, drafted }) => {
      const { first, second } = topTwo(logits)
      if (drafted === first) return true
      return drafted === second && (logits[drafted] ?? 0) / (logits[first] ?? 0) > theta
    }),
    score: ({ logits }) =>
      (logits[topTwo(logits).first] ?? 0) > 0
        ? { importance: 0, reasons: [] }
        : { importance: 1, reasons: ['negative-logits'] },
  }),
})
