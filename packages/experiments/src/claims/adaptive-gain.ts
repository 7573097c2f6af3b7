import { PAIR_READINGS, PAPER, type TestableClaim } from './claim.ts'
import { reaches, type Setting } from './speedup-reached.ts'

export const adaptiveGain: TestableClaim = {
  id: 'adaptive-gain',
  text: 'Adaptive acceptance brings up to an additional 15 to 20 % over non-adaptive speculative decoding',
  source: PAPER,
  rule:
    'adaptive over strict of the same window; tau (without an estimated loss of accuracy beyond the margin) and network are chosen on every other item and measured on ' +
    'the rest; reproduced if the 95 % interval lies at or above 1.15, refuted if below',
  readings: PAIR_READINGS,
  async judge(samples) {
    const settings = samples.withinMargin().flatMap((variant) => {
      const over = samples.strictOf(variant)
      if (over === undefined) return []
      return samples.run.manifest.conditions.map((condition): Setting => ({ variant, condition, over }))
    })
    return reaches({ samples, settings, target: 1.15 })
  },
}
