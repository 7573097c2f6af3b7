import { type ChainCosts, paperSpeedup, predictedSpeedup, tokensPerRound } from '@dsd-lab/core'
import { computeModel, linkModel, tripComputeMs } from '../plan/conditions.ts'
import type { Condition, Quality, Speed } from '../store/schema.ts'

/** A condition as core's cost model takes it. */
export function chainOf(condition: Condition, hiddenSize: number): ChainCosts {
  const { nodes, link, compute } = condition
  return {
    nodes,
    hiddenSize,
    network: { links: linkModel(link) },
    compute: computeModel(condition),
    draftStepMs: compute.draftStepMs,
  }
}

/** Chance that a draft is kept given that all before it were, by place. `[gamma]` */
export function acceptanceOf({ trials, kept }: Quality['byPosition']): number[] {
  return trials.map((tried, place) => (tried === 0 ? 0 : (kept[place] ?? 0) / tried))
}

/**
 * Speed-up over plain decoding from the acceptance by place alone: by the paper's equations, which know neither drafting nor
 * bandwidth nor the return hop, and by the general cost model. Both leave out the round of the prompt. Null where one of them has nothing
 * to divide: the paper's over one node whose compute takes no time.
 */
export function predictSpeedup({
  byPosition,
  gamma,
  draftAhead,
  condition,
  hiddenSize,
}: {
  readonly byPosition: Quality['byPosition']
  readonly gamma: number
  readonly draftAhead: boolean
  readonly condition: Condition
  readonly hiddenSize: number
}): Speed['predicted'] {
  const acceptance = acceptanceOf(byPosition)
  const { nodes, link } = condition
  const predicted = {
    paper: paperSpeedup({
      nodes,
      computeMs: tripComputeMs(condition, 1),
      latencyMs: link.latencyMs,
      tokensPerRound: tokensPerRound(acceptance, gamma),
    }),
    general: predictedSpeedup(chainOf(condition, hiddenSize), acceptance, gamma, { draftAhead }),
  }
  return Number.isFinite(predicted.paper) && Number.isFinite(predicted.general) ? predicted : null
}
