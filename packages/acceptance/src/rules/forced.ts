import { argmaxLogit, type JudgedRow, type TokenId } from '@dsd-lab/core'
import { z } from 'zod'
import { correct, keep, relax } from '../decisions.ts'
import { defineRule } from '../define-rule.ts'

/**
 * Acceptance by decree, to isolate the system from the models. With u a keyed uniform and a_i the profile:
 *
 *     accept the i-th drafted token iff u <= a_i;  on reject emit argmax p
 *
 * `profile`: one acceptance probability in [0, 1] for every index in the window, or a list by index whose last entry
 * goes on; required. Not lossless, and its text means nothing: never report accuracy with it. Ids travel.
 */
export const forced = defineRule({
  name: 'forced',
  parameters: {
    profile: z
      .union([probability(), z.array(probability()).nonempty()])
      .describe('a number from 0 to 1, or a list of them by index in the window'),
  },
  create({ profile }) {
    const byIndex = typeof profile === 'number' ? [profile] : profile
    return {
      lossless: false,
      drafting: 'greedy',
      decide(row, index) {
        const best = mostLikely(row)
        const acceptance = byIndex[Math.min(index, byIndex.length - 1)] ?? 0
        if (row.noise.acceptUniform() > acceptance) return correct(best)
        return row.drafted === best ? keep() : relax()
      },
      bonus: mostLikely,
    }
  },
})

function probability() {
  return z.number().gte(0).lte(1)
}

function mostLikely({ logits, position }: JudgedRow): TokenId {
  return argmaxLogit(logits, position)
}
