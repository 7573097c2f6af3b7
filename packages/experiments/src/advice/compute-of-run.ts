import { computeAt } from '@dsd-lab/core'
import { computeModel } from '../plan/conditions.ts'
import type { ComputeSettings, Manifest } from '../store/schema.ts'

/**
 * What a node takes when the target of a run is cut over so many nodes, ms. Measured compute is an equal share of the whole model;
 * declared compute is that of a node, however many there are: the mean one where they were declared one by one.
 */
export function computeOfRun(
  { conditions }: Pick<Manifest, 'conditions'>,
  nodes: number,
): Omit<ComputeSettings, 'kind'> | undefined {
  const [condition] = conditions
  if (condition === undefined) return undefined
  const { kind, draftStepMs } = condition.compute
  const shares = Array.from({ length: condition.nodes }, (_, node) => computeAt(computeModel(condition), node))
  const mean = (of: 'baseMs' | 'perRowMs'): number => shares.reduce((sum, share) => sum + share[of], 0) / shares.length
  const share = kind === 'measured' ? condition.nodes / nodes : 1
  return { baseMs: mean('baseMs') * share, perRowMs: mean('perRowMs') * share, draftStepMs }
}
