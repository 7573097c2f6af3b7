import { type ComputeModel, computeAt, DsdError, type LinkModel, type TimedChain } from '@dsd-lab/core'
import type { Experiment } from '../dsl/check.ts'
import { expandSweeps, isRecord } from '../dsl/sweep.ts'
import {
  type ComputeSettings,
  type Condition,
  computeSchema,
  type LinkSettings,
  type PlacedNodeRecord,
} from '../store/schema.ts'
import { refuseEqualIds } from './refuse-equal-ids.ts'
import { slug } from './slug.ts'

export interface ConditionFacts {
  /** Checks and completes a link as declared; throws DsdError `bad-input`. */
  readonly link: (declared: unknown) => LinkSettings
  /** Who gets which layers, present when the experiment declares its nodes one by one. `[nodes]` */
  readonly placement?: readonly PlacedNodeRecord[]
  /** Set when nothing but the text itself drafts: a draft step then takes no time. Default: false. */
  readonly draftsFromText?: boolean
  /** Time per node of the target cut over so many nodes, fitted on this machine; present when the experiment asks for it. */
  readonly measuredCompute?: (nodes: number) => ComputeSettings
}

/**
 * Every combination of the sweeps of the cluster, in the order nodes, compute, link.
 *
 * @throws DsdError `bad-input` when two of them have one id, or on one of them nothing takes time
 */
export function planConditions({ cluster }: Experiment, facts: ConditionFacts): Condition[] {
  const { nodes: declared, compute, link } = cluster
  const { placement } = facts
  const nodes = isList(declared) ? declared.length : declared
  const conditions = expandSweeps({ nodes, compute, link }).flatMap(({ value, parameters }) => {
    if (!isRecord(value) || typeof value.nodes !== 'number') return []
    const count = value.nodes
    return [
      {
        id: conditionId(count, parameters),
        nodes: count,
        ...(placement === undefined ? {} : { placement: [...placement] }),
        link: facts.link(value.link),
        compute: computeOf(value.compute, count, facts),
      },
    ]
  })
  refuseEqualIds(conditions, ({ id }) => ({
    message: `two of its networks are called ${id}`,
    where: 'cluster',
    fix: 'give sweeps no value twice, nor values that differ in case or signs alone',
  }))
  for (const condition of conditions) refuseTimeless(condition)
  return conditions
}

/** Ratios of nothing to nothing are no speed-ups. */
function refuseTimeless({ id, compute, link }: Condition): void {
  const { kind, baseMs, perRowMs } = compute
  if (kind === 'measured' || baseMs + perRowMs + link.latencyMs > 0 || link.bandwidthMbps !== undefined) return
  throw new DsdError(`nothing takes time on ${id}: compute and latency are 0`, {
    kind: 'bad-input',
    where: 'cluster',
    fix: 'give compute.baseMs or link.latencyMs a value above 0',
  })
}

// Array.isArray does not narrow a readonly list.
type Nodes = Experiment['cluster']['nodes']
export const isList = (nodes: Nodes): nodes is Extract<Nodes, readonly unknown[]> => Array.isArray(nodes)

function computeOf(
  declared: unknown,
  nodes: number,
  { measuredCompute, draftsFromText = false }: ConditionFacts,
): ComputeSettings {
  if (isRecord(declared)) {
    const { baseMs, perRowMs, draftStepMs = draftsFromText ? 0 : Number(baseMs) / 10 } = declared
    return computeSchema.parse({ kind: 'declared', baseMs, perRowMs, draftStepMs })
  }
  if (measuredCompute === undefined) throw new RangeError('compute is measured, and nothing was measured')
  return measuredCompute(nodes)
}

/** `n4-latencyms20`: the nodes, and whatever else is swept. */
function conditionId(nodes: number, parameters: Readonly<Record<string, number | string>>): string {
  const swept = Object.entries(parameters).filter(([path]) => path !== 'nodes')
  return slug([`n${nodes}`, ...swept.map(([path, value]) => `${path.split('.').at(-1)}${value}`)].join('-'))
}

/** Whether its links have chance in them. */
export function varies({ link }: Condition): boolean {
  return link.jitterMs > 0 || link.loss > 0
}

/** A link as core takes it. */
export function linkModel({ bandwidthMbps, ...link }: LinkSettings): LinkModel {
  return bandwidthMbps === undefined ? link : { ...link, bandwidthMbps }
}

/** Time of each node: as declared for an even share at speed 1, scaled by its share and its speed. */
export function computeModel({
  compute: { baseMs, perRowMs },
  placement,
}: Pick<Condition, 'compute' | 'placement'>): ComputeModel {
  if (placement === undefined) return { baseMs, perRowMs }
  const layers = placement.at(-1)?.layers.to ?? 1
  return placement.map(({ layers: { from, to }, speed }) => {
    const share = ((to - from) * placement.length) / layers / speed
    return { baseMs: baseMs * share, perRowMs: perRowMs * share }
  })
}

/** A condition as core's cost model takes it. */
export function timedChain({
  condition,
  hiddenSize,
  seed,
}: {
  readonly condition: Condition
  readonly hiddenSize: number
  /** Of jitter and loss. */
  readonly seed: number
}): TimedChain {
  const { nodes, link, compute } = condition
  return {
    nodes,
    hiddenSize,
    network: { links: linkModel(link), seed },
    compute: computeModel(condition),
    draftStepMs: compute.draftStepMs,
  }
}

/** Compute time of a trip of so many rows through all nodes, ms. */
export function tripComputeMs(condition: Condition, rows: number): number {
  const model = computeModel(condition)
  return Array.from({ length: condition.nodes }, (_, node) => computeAt(model, node)).reduce(
    (sum, { baseMs, perRowMs }) => sum + baseMs + perRowMs * rows,
    0,
  )
}
