import type { TestableClaim } from './claim.ts'
import { reaches, type Setting } from './speedup-reached.ts'

/** The paper's set-up. */
const NODES = { from: 4, to: 8 }

export const SPEEDUP_RULE =
  'an arm and network (4 to 8 nodes; strict, or adaptive without an estimated loss beyond the margin) is chosen on every other item and ' +
  'measured on the rest; reproduced if its 95 % interval lies at or above the value, refuted if below'

/** Judges a claim of the kind "up to so many times as fast as plain decoding". */
export function judgeSpeedup(target: number): TestableClaim['judge'] {
  return async (samples) => {
    const { plain, run } = samples
    const kept = [...samples.strict, ...samples.withinMargin()]
    const networks = run.manifest.conditions.filter(({ nodes }) => nodes >= NODES.from && nodes <= NODES.to)
    const settings =
      plain === undefined
        ? []
        : kept.flatMap((variant) => networks.map((condition): Setting => ({ variant, condition, over: plain })))
    return reaches({ samples, settings, target })
  }
}
