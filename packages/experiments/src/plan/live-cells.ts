import { DsdError } from '@dsd-lab/core'
import type { Cell, Condition } from '../store/schema.ts'
import type { PlannedVariant } from './variants.ts'

/**
 * The cells that are run again over real shard processes: speculative ones that are not controls, one arm after the other, each on the
 * next network from the quickest on, so that a few of them cover rules, node counts and latencies without long waits.
 *
 * @throws DsdError `bad-input` when running nodes are named and no network has so many.
 */
export function chooseLiveCells({
  cells,
  variants,
  conditions,
  count,
  nodes,
}: {
  readonly cells: readonly Cell[]
  readonly variants: readonly PlannedVariant[]
  readonly conditions: readonly Condition[]
  readonly count: number
  /** How many nodes are running already; without it networks of every size are chosen. */
  readonly nodes?: number | undefined
}): string[] {
  const networks = ofSize(conditions, nodes).sort((a, b) => tripMs(a) - tripMs(b) || a.nodes - b.nodes)
  const arms = new Map<string, PlannedVariant[]>()
  for (const variant of variants) {
    const { decode, arm, controls } = variant.record
    if (decode === 'speculative' && controls === undefined) arms.set(arm, [...(arms.get(arm) ?? []), variant])
  }
  const turns = inTurns([...arms.values()].map(middleFirst))
  const chosen: string[] = []
  for (const [turn, variant] of turns.entries()) {
    const network = networks[turn % networks.length]
    const cell = cells.find((one) => one.variant === variant.record.id && one.condition === network?.id)
    if (cell !== undefined) chosen.push(cell.id)
    if (chosen.length === count) break
  }
  return chosen
}

function ofSize(conditions: readonly Condition[], nodes: number | undefined): Condition[] {
  const fitting = conditions.filter((condition) => nodes === undefined || condition.nodes === nodes)
  if (fitting.length > 0) return fitting
  const sizes = [...new Set(conditions.map((condition) => condition.nodes))].join(', ')
  throw new DsdError(`names ${nodes} nodes, and no network of this experiment has so many (${sizes})`, {
    kind: 'bad-input',
    where: 'live.nodes',
    fix: 'name as many nodes, head first, as one of the values of cluster.nodes',
  })
}

function tripMs({ nodes, link }: Condition): number {
  return (nodes + 1) * link.latencyMs
}

/** Of a sweep the value in the middle stands for the arm. */
function middleFirst<T>(list: readonly T[]): T[] {
  const middle = Math.floor((list.length - 1) / 2)
  return [...list.slice(middle), ...list.slice(0, middle)]
}

function inTurns<T>(lists: readonly (readonly T[])[]): T[] {
  const longest = Math.max(0, ...lists.map((list) => list.length))
  return Array.from({ length: longest }, (_, turn) => turn).flatMap((turn) =>
    lists.flatMap((list) => list.slice(turn, turn + 1)),
  )
}
