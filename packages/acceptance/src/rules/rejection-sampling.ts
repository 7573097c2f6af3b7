import { pointMass, type RowRule, residual, sampleToken } from '@dsd-lab/core'
import { correct, keep, relax } from '../decisions.ts'

/**
 * Accepts x iff u <= p(x) / (l q(x)), else emits y ~ norm(max(0, p - l q)), which is the residual of p / l.
 * `lenience` l in (0, 1]; 1 is exact speculative sampling.
 */
export function rejectionSampling({ lenience }: { readonly lenience: number }): RowRule {
  return (row) => {
    const { target, drafted, draft = pointMass(drafted, target.vocabSize), noise } = row
    // The law's ratio cross-multiplied, so that p(x) = 0 rejects and no division can overflow.
    const demanded = noise.acceptUniform() * draft.probabilityOf(drafted)
    const offered = target.probabilityOf(drafted)
    if (demanded < offered) return keep()
    if (demanded * lenience < offered) return relax()
    return correct(sampleToken(residual(target, draft, { draftScale: lenience }), noise.residual))
  }
}
