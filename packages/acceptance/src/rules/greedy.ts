import { DsdError } from '@dsd-lab/core'
import { defineRule } from '../define-rule.ts'
import { matchOwn } from './match-own.ts'

/**
 * Greedy speculative decoding (Leviathan et al. 2023, section 2.3 with p one-hot):
 *
 *     accept x iff x = argmax p;  on reject emit argmax p
 *
 * Ties go to the lowest id. Temperature 0 only. No parameters. Lossless. Ids travel.
 */
export const greedy = defineRule({
  name: 'greedy',
  parameters: {},
  create(_, { temperature }) {
    if (temperature !== 0) {
      throw new DsdError(`greedy judges at temperature 0, not ${temperature}`, {
        kind: 'bad-input',
        where: 'rule.name',
        fix: 'set sampling.temperature to 0, or use coupled() or strict()',
      })
    }
    return { lossless: true, drafting: 'greedy', drawsWhenGreedy: false, replayable: true, decide: matchOwn }
  },
})
