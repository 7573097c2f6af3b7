import { defineRule } from '../define-rule.ts'
import { matchOwn } from './match-own.ts'
import { rejectionSampling } from './rejection-sampling.ts'

/**
 * Speculative sampling (Leviathan et al. 2023, algorithm 1; Chen et al. 2023, algorithm 2). With u uniform in (0, 1):
 *
 *     accept x iff u <= p(x) / q(x);  on reject emit y ~ norm(max(0, p - q))
 *
 * p and q both after warping, x drawn from the very q that is sent. A drafter without chance counts as all mass on x.
 * No parameters. Lossless. Ids and the sparse draft law travel; at temperature 0, where the rule is `greedy`, ids.
 */
export const strict = defineRule({
  name: 'strict',
  parameters: {},
  create: (_, { temperature }) =>
    temperature === 0
      ? { lossless: true, drafting: 'greedy', drawsWhenGreedy: false, replayable: true, decide: matchOwn }
      : { lossless: true, needs: 'distribution', drafting: 'sampled', decide: rejectionSampling({ lenience: 1 }) },
})
