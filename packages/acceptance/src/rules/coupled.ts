import { defineRule } from '../define-rule.ts'
import { matchOwn } from './match-own.ts'

/**
 * Gumbel coupling (Daliri et al. 2024, arXiv 2408.07978). With t = argmax(ln p + G) for keyed Gumbel noise G:
 *
 *     accept x iff x = t;  on reject emit t
 *
 * The drafter draws x = argmax(ln q + G) with the same G, so they mostly agree: P(x = t) = sum_i 1 / sum_j
 * max(p_j / p_i, q_j / q_i). Every emitted token is the target's own sample, so the text is a function of seed, prompt
 * and target alone: the same for every topology, window, drafter and retry. No parameters. Lossless. Ids travel.
 * At temperature 0: `greedy`.
 */
export const coupled = defineRule({
  name: 'coupled',
  parameters: {},
  create: () => ({
    lossless: true,
    drafting: 'coupled',
    drawsWhenGreedy: false,
    replayable: true,
    decide: matchOwn,
  }),
})
