import { argmaxLogit } from '@dsd-lab/core'
import { z } from 'zod'
import { correct, keep, relax } from '../decisions.ts'
import { defineRule } from '../define-rule.ts'
import { rejectionSampling } from './rejection-sampling.ts'

/**
 * Lenience (Leviathan et al. 2023, appendix A.5). With u uniform in (0, 1):
 *
 *     accept x iff u <= p(x) / (l q(x));  on reject emit y ~ norm(max(0, p / l - q))
 *     temperature 0: accept x iff p(x) >= l max p, p at temperature 1;  on reject emit argmax p
 *
 * No token comes out with more than p(x) / l. `l` in (0, 1], required; 1 is strict. Lossless only at l = 1.
 * Ids and the sparse draft law travel; at temperature 0, ids.
 */
export const lenience = defineRule({
  name: 'lenience',
  parameters: { l: z.number().gt(0).lte(1).describe('a number above 0, at most 1') },
  create({ l }, { temperature }) {
    const lossless = l === 1
    if (temperature > 0) {
      return { lossless, needs: 'distribution', drafting: 'sampled', decide: rejectionSampling({ lenience: l }) }
    }
    const slackNats = -Math.log(l)
    return {
      lossless,
      drafting: 'greedy',
      drawsWhenGreedy: false,
      decide({ logits, drafted, position }) {
        const best = argmaxLogit(logits, position)
        if (drafted === best) return keep()
        const gapNats = (logits[best] ?? 0) - (logits[drafted] ?? 0)
        // At l = 1 a tie still goes to the lowest id.
        return l < 1 && gapNats <= slackNats ? relax() : correct(best)
      },
    }
  },
})
