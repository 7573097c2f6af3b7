import type { ComputeSettings, Manifest } from '../store/schema.ts'

/**
 * What a node takes when the target of a run is cut over so many nodes, ms. Measured compute is an equal share of the whole model;
 * declared compute is that of a node, however many there are.
 */
export function computeOfRun(
  { conditions }: Pick<Manifest, 'conditions'>,
  nodes: number,
): Omit<ComputeSettings, 'kind'> | undefined {
  const [condition] = conditions
  if (condition === undefined) return undefined
  const { kind, baseMs, perRowMs, draftStepMs } = condition.compute
  const share = kind === 'measured' ? condition.nodes / nodes : 1
  return { baseMs: baseMs * share, perRowMs: perRowMs * share, draftStepMs }
}
