import { type DraftedRow, type JudgedRow, TOKEN_CLASSES, targetToken } from '@dsd-lab/core'
import { z } from 'zod'
import { correct, keep, relax } from '../decisions.ts'
import { defineRule } from '../define-rule.ts'
import { evidenceOf } from '../importance/evidence.ts'
import { scorerOf, scorerSchema } from './adaptive-scorer.ts'

const share = (usual: number) => z.number().gte(0).lte(1).default(usual).describe('a number from 0 to 1')

/**
 * DSD-style adaptive acceptance (arXiv 2511.11733, whose exact formula is not public; reconstructed by us). With t the
 * target's own choice and u a keyed uniform independent of the noise that chose t and x:
 *
 *     key position:      accept x iff x = t
 *     other positions:   accept x iff x = t or u <= tau;  temperature 0: iff z1 - z(x) < -ln(1 - tau) nats
 *     on reject emit t
 *
 * The drafter is coupled: x ~ q with the noise of t. Whatever their coupling, the output at a position that is not key is
 * x with probability tau and t otherwise, so its law is exactly (1 - tau) p + tau q and deviates from p by tau TV(p, q).
 * Whether a position is key follows from p, q and the classes of their most likely tokens, never from x or u.
 *
 * Key if any of: KL(q || p) > l1; p(1) - p(2) > l2 while argmax q is not argmax p; sum(min(p, q)) < l3; the token's class
 * is one of `classes`. At temperature 0 only ids travel and q is all mass on x, p the untempered law.
 *
 * `tau` in [0, 1], default 0.2; `l1` >= 0 nats, default 1.5; `l2` in [0, 1], default 0.5; `l3` in [0, 1], default 0.2;
 * `classes`, default number, operator, name, negation; `scorer`, default `{ kind: 'criteria' }`, these
 * criteria; or `{ kind: 'logistic', threshold, coefficients }`, the logistic score, or `{ kind: 'fitted', scorer, threshold }`, one that
 * `exp importance` wrote. Lossless only at tau = 0. Ids and the sparse draft law travel; at temperature 0, ids.
 */
export const dsdAdaptive = defineRule({
  name: 'dsd-adaptive',
  parameters: {
    tau: share(0.2),
    l1: z.number().gte(0).default(1.5).describe('a number of at least 0'),
    l2: share(0.5),
    l3: share(0.2),
    classes: z
      .array(z.enum(TOKEN_CLASSES))
      .default(['number', 'operator', 'name', 'negation'])
      .describe(`a list of ${TOKEN_CLASSES.join(', ')}`),
    scorer: scorerSchema,
  },
  create({ tau, scorer, ...criteria }, context) {
    const scoreEvidence = scorerOf(scorer, criteria)
    const score = (row: JudgedRow) => scoreEvidence(evidenceOf(row, context))
    const isRelaxed = context.temperature === 0 ? isWithinMargin(-Math.log1p(-tau)) : isDrawnBelow(tau)
    return {
      lossless: tau === 0,
      needs: context.temperature === 0 ? 'ids' : 'distribution',
      drafting: 'coupled',
      drawsWhenGreedy: false,
      decide(row) {
        const own = targetToken(row)
        if (row.drafted === own) return keep()
        return isRelaxed(row) && !score(row).key ? relax() : correct(own)
      },
      score(row) {
        const { importance, reasons } = score(row)
        return { importance, reasons }
      },
    }
  },
})

function isDrawnBelow(tau: number): (row: DraftedRow) => boolean {
  return ({ noise }) => noise.acceptUniform() <= tau
}

/** Strictly below, so that tau = 0 leaves even a tie to the target. */
function isWithinMargin(marginNats: number): (row: DraftedRow) => boolean {
  return (row) => (row.logits[targetToken(row)] ?? 0) - (row.logits[row.drafted] ?? 0) < marginNats
}
