import { defineRule } from '../define-rule.ts'
import { matchOwn } from './match-own.ts'
import { rejectionSampling } from './rejection-sampling.ts'

/**
 * Exact speculative sampling for a drafter without chance in it (greedy, prompt lookup), whose law is all mass on x: the
 * formula of Leviathan et al. (2023, algorithm 1) at q = 1 on x. With u uniform in (0, 1):
 *
 *     accept x iff u <= p(x);  on reject emit y ~ p without x, renormalised
 *     temperature 0: accept x iff x = argmax p;  on reject emit argmax p
 *
 * The drafter is told to propose its most likely token. Given any x the answer follows p, so the rule stays exact for a drafter that
 * draws, and keeps less than `strict` then. No parameters. Lossless. Ids travel.
 */
export const deterministic = defineRule({
  name: 'deterministic',
  parameters: {},
  create: (_, { temperature }) =>
    temperature === 0
      ? { lossless: true, drafting: 'greedy', drawsWhenGreedy: false, replayable: true, decide: matchOwn }
      : { lossless: true, drafting: 'greedy', decide: rejectionSampling({ lenience: 1 }) },
})
