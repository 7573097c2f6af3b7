import { argmaxLogit, mostLikely, pointMass, type RowRule, residual, sampleToken } from '@dsd-lab/core'
import { z } from 'zod'
import { correct, keep, relax } from '../decisions.ts'
import { defineRule } from '../define-rule.ts'
import { keepOwnOr } from './keep-if.ts'

/**
 * Rejection sampling with a tolerance that grows with the target's uncertainty (EARS, arXiv 2512.13194). With u uniform in
 * (0, 1):
 *
 *     accept x iff u <= p(x) / q(x) + a (1 - max p);  on reject emit y ~ norm(max(0, p - q))
 *     temperature 0: accept x iff p(x) / max p + a (1 - max p) >= 1, p at temperature 1;  on reject emit argmax p
 *
 * The form at temperature 0 is ours: the ratio to the best token takes the place of the ratio to q, as in greedy `lenience`,
 * so that nothing is drawn and a = 0 is strict there too. `a` in [0, 1], required.
 * The output law deviates from p by at most a (1 - max p). Lossless only at a = 0. Ids and the sparse draft law travel; at
 * temperature 0, ids.
 */
export const uncertainty = defineRule({
  name: 'uncertainty',
  parameters: { a: z.number().gte(0).lte(1).describe('a number from 0 to 1') },
  create: ({ a }, { temperature }) =>
    temperature > 0
      ? { lossless: a === 0, needs: 'distribution', drafting: 'sampled', decide: tolerantSampling(a) }
      : { lossless: a === 0, drafting: 'greedy', drawsWhenGreedy: false, decide: tolerantGreedy(a) },
})

function tolerantSampling(a: number): RowRule {
  return (row) => {
    const { target, drafted, draft = pointMass(drafted, target.vocabSize), noise } = row
    const slack = a * (1 - target.probabilityOf(mostLikely(target)))
    // Cross-multiplied, so that no division can overflow.
    const demanded = noise.acceptUniform() * draft.probabilityOf(drafted)
    const offered = target.probabilityOf(drafted)
    if (demanded < offered) return keep()
    if (demanded < offered + slack * draft.probabilityOf(drafted)) return relax()
    return correct(sampleToken(residual(target, draft), noise.residual))
  }
}

function tolerantGreedy(a: number): RowRule {
  return keepOwnOr(({ untempered: p, logits, drafted, position }) => {
    const best = p.probabilityOf(argmaxLogit(logits, position))
    // At a = 0 a tie still goes to the lowest id.
    return a > 0 && p.probabilityOf(drafted) / best + a * (1 - best) >= 1
  })
}
