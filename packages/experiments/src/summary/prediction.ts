import { type ChainCosts, paperSpeedup, predictedSpeedup, tokensPerRound } from '@dsd-lab/core'
import { linkModel } from '../plan/conditions.ts'
import type { Condition, Quality, Speed } from '../store/schema.ts'

/** A condition as core's cost model takes it. */
export function chainOf({ nodes, link, compute }: Condition, hiddenSize: number): ChainCosts {
  return {
    nodes,
    hiddenSize,
    network: { links: linkModel(link) },
    compute: { baseMs: compute.baseMs, perRowMs: compute.perRowMs },
    draftStepMs: compute.draftStepMs,
  }
}

/** Chance that a draft is kept given that all before it were, by place. `[gamma]` */
export function acceptanceOf({ trials, kept }: Quality['byPosition']): number[] {
  return trials.map((tried, place) => (tried === 0 ? 0 : (kept[place] ?? 0) / tried))
}

/**
 * Speed-up over plain decoding from the acceptance by place alone: by the paper's equations, which know neither drafting nor
 * bandwidth nor the return hop, and by the general cost model. Both leave out the round of the prompt.
 */
export function predictSpeedup({
  byPosition,
  gamma,
  condition,
  hiddenSize,
}: {
  readonly byPosition: Quality['byPosition']
  readonly gamma: number
  readonly condition: Condition
  readonly hiddenSize: number
}): NonNullable<Speed['predicted']> {
  const acceptance = acceptanceOf(byPosition)
  const { nodes, link, compute } = condition
  return {
    paper: paperSpeedup({
      nodes,
      computeMs: nodes * (compute.baseMs + compute.perRowMs),
      latencyMs: link.latencyMs,
      tokensPerRound: tokensPerRound(acceptance, gamma),
    }),
    general: predictedSpeedup(chainOf(condition, hiddenSize), acceptance, gamma),
  }
}
