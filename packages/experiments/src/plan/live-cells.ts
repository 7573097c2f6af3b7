import type { Cell, Condition } from '../store/schema.ts'
import type { PlannedVariant } from './variants.ts'

/**
 * The cells that are run again over real shard processes: speculative ones that are not controls, one arm after the other, each on the
 * next network from the quickest on, so that a few of them cover rules, node counts and latencies without long waits.
 */
export function chooseLiveCells({
  cells,
  variants,
  conditions,
  count,
}: {
  readonly cells: readonly Cell[]
  readonly variants: readonly PlannedVariant[]
  readonly conditions: readonly Condition[]
  readonly count: number
}): string[] {
  const networks = [...conditions].sort((a, b) => tripMs(a) - tripMs(b) || a.nodes - b.nodes)
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
