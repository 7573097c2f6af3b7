import { paperSpeedup } from '@dsd-lab/core'
import { tripComputeMs } from '../plan/conditions.ts'
import { bootstrapOfSums } from '../statistics/index.ts'
import type { Condition, Estimate, Variant } from '../store/schema.ts'
import { READERS, type TestableClaim } from './claim.ts'
import type { TaskSamples } from './samples.ts'
import { networkText } from './wording.ts'
import { type Measured, worstOf } from './worst-of.ts'

export const costFormula: TestableClaim = {
  id: 'cost-formula',
  text: 'k tokens cost T_std = k (t0 + (N-1) t1) plainly, and T_DSD = k t0 + (N-1) t1 in one round',
  source: READERS,
  rule:
    'measured speed-up of strict over T_std / T_DSD with the measured k; reproduced if its 95 % interval lies within 10 % in every setting of window and ' +
    'network, refuted if it lies outside in any',
  readings: [
    { experiment: 'humaneval-qwen.ts', task: 'humaneval' },
    { experiment: 'gsm8k-qwen.ts', task: 'gsm8k' },
    { experiment: 'claim-cost-formula.ts', task: 'word-problems' },
    { experiment: 'claim-cost-formula.ts', task: 'programs' },
  ],
  async judge(samples) {
    const { plain } = samples
    const measured = samples.strict.flatMap((variant) =>
      samples.run.manifest.conditions.flatMap((condition): Measured[] => {
        if (plain === undefined || condition.nodes < 2) return []
        const { bandwidthMbps } = condition.link
        return [
          {
            value: measuredOverFormula({ samples, plain, variant, condition }),
            what: `measured speed-up over the formula's, ${variant.label}`,
            network: `${networkText(condition)}${bandwidthMbps === undefined ? '' : `, ${bandwidthMbps} Mbit/s`}, ${variant.label}`,
            beside: [],
          },
        ]
      }),
    )
    return worstOf({ samples, measured, margin: 0.1 })
  },
}

function measuredOverFormula({
  samples,
  plain,
  variant,
  condition,
}: {
  readonly samples: TaskSamples
  readonly plain: Variant
  readonly variant: Variant
  readonly condition: Condition
}): Estimate {
  const [before, after] = [samples.speed(plain, condition), samples.speed(variant, condition)]
  const { nodes, link } = condition
  const computeMs = tripComputeMs(condition, 1)
  return bootstrapOfSums({
    columns: [before.ms, before.tokens, after.ms, after.tokens, samples.rounds(variant, condition)],
    combine: ([ms = 0, tokens = 0, msAfter = 0, tokensAfter = 0, rounds = 0]) => {
      const tokensPerRound = tokensAfter / rounds
      const formula = paperSpeedup({ nodes, computeMs, latencyMs: link.latencyMs, tokensPerRound })
      return ms / tokens / (msAfter / tokensAfter) / formula
    },
  })
}
