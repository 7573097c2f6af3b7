import { DsdError } from '@dsd-lab/core'
import type { LayerRange } from '../engines/decoder/decoder-weights.ts'

export interface LayerPlacementRequest {
  /** Number of layers of the target. >= 1 */
  readonly layers: number
  /** Relative speed of each node in layers per unit of time, > 0; its length is the number of nodes. `[nodes]` */
  readonly speeds: readonly number[]
  /** Most layers that each node can hold. Default: no limit. `[nodes]` */
  readonly capacity?: readonly number[]
}

/**
 * Cuts the layers into one contiguous range per node so that the slowest node is as fast as it can be:
 * minimises `max(layers_i / speed_i)` with at least one layer a node. Giving each next layer to the node that would
 * finish it first is optimal for that measure; ties go to the earlier node, so equal speeds give 3, 3, 2.
 *
 * @throws DsdError `bad-input` when there are more nodes than layers, a speed is not positive, or the layers do not fit.
 */
export function placeLayers(request: LayerPlacementRequest): LayerRange[] {
  const { layers, speeds, capacity } = request
  refuseImpossible(request)
  const counts = speeds.map(() => 1)
  for (let placed = counts.length; placed < layers; placed++) {
    let best = -1
    let bestTime = Number.POSITIVE_INFINITY
    for (const [node, speed] of speeds.entries()) {
      const count = counts[node] ?? 0
      const time = (count + 1) / speed
      if (count < (capacity?.[node] ?? Number.POSITIVE_INFINITY) && time < bestTime) {
        best = node
        bestTime = time
      }
    }
    counts[best] = (counts[best] ?? 0) + 1
  }
  let from = 0
  return counts.map((count) => {
    const range = { from, to: from + count }
    from = range.to
    return range
  })
}

function refuseImpossible({ layers, speeds, capacity }: LayerPlacementRequest): void {
  if (speeds.length < 1)
    throw new DsdError('a cluster needs at least one node', { kind: 'bad-input', where: 'cluster.nodes' })
  if (speeds.length > layers)
    throw new DsdError(`${speeds.length} nodes, but the target has only ${layers} layers`, {
      kind: 'bad-input',
      where: 'cluster.nodes',
      fix: `choose at most ${layers}, one layer a node`,
    })
  const slow = speeds.findIndex((speed) => !(speed > 0 && Number.isFinite(speed)))
  if (slow >= 0)
    throw new DsdError(`speed ${speeds[slow]} is not a positive number`, {
      kind: 'bad-input',
      where: `cluster.speeds[${slow}]`,
    })
  if (capacity === undefined) return
  const room = capacity.reduce((sum, most) => sum + most, 0)
  if (capacity.length !== speeds.length || room < layers || capacity.some((most) => most < 1))
    throw new DsdError(`${layers} layers do not fit on nodes that hold ${capacity.join(', ')}`, {
      kind: 'bad-input',
      where: 'cluster.capacity',
      fix: 'add nodes, or nodes with more memory',
    })
}
