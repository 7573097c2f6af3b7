import { DsdError } from '@dsd-lab/core'
import type { LayerRange } from '../engines/decoder/decoder-weights.ts'
import type { StoredBytes } from '../models/stored-bytes.ts'
import { placeLayers } from './place-layers.ts'

/** What a shard process needs beside its weights: Node, the engine, caches. */
export const PROCESS_MB = 90

/** A node as an experiment declares it. */
export interface NodeDeclaration {
  /** Relative to the other nodes, > 0. Default 1. */
  readonly speed?: number
  /** Memory for one shard process, 10^6 bytes. Default: no limit. */
  readonly memoryMb?: number
}

/** A node with the layers that it got. */
export interface PlacedNode {
  readonly layers: LayerRange
  readonly speed: number
  readonly memoryMb?: number | undefined
  /** Weights of its layers, with embedding or head where it holds them, as stored, 10^6 bytes. */
  readonly weightsMb: number
}

/**
 * Cuts a model over uneven nodes: the slowest node is as fast as it can be, and nobody gets more than fits into its memory,
 * which is `PROCESS_MB` and the weights as the files store them.
 *
 * @param nodes head first
 * @throws DsdError `bad-input` with the arithmetic when the layers do not fit.
 */
export function planPlacement(bytes: StoredBytes, nodes: readonly NodeDeclaration[]): PlacedNode[] {
  const layers = bytes.layers.length
  const largestMb = Math.max(...bytes.layers) / 1e6
  const rooms = nodes.map(({ memoryMb }, node) => {
    const fixedMb = (node === 0 ? bytes.embedding : 0) / 1e6 + (node === nodes.length - 1 ? bytes.head : 0) / 1e6
    const freeMb = (memoryMb ?? Number.POSITIVE_INFINITY) - PROCESS_MB - fixedMb
    return { memoryMb, fixedMb, capacity: Math.max(0, Math.min(layers, Math.floor(freeMb / largestMb))) }
  })
  if (rooms.some(({ capacity }) => capacity < 1) || rooms.reduce((sum, { capacity }) => sum + capacity, 0) < layers) {
    const each = rooms.map(
      ({ memoryMb, fixedMb, capacity }, node) =>
        `node ${node}: ${memoryMb === undefined ? 'no limit' : `${memoryMb} - ${PROCESS_MB} (process) - ${fixedMb.toFixed(0)} (${partsOf(node, nodes.length)})`} = ${capacity} layers`,
    )
    throw new DsdError(`${layers} layers of up to ${largestMb.toFixed(1)} MB do not fit: ${each.join('; ')}`, {
      kind: 'bad-input',
      where: 'cluster.nodes',
      fix: 'give nodes more memoryMb, or add nodes',
    })
  }
  const speeds = nodes.map(({ speed = 1 }) => speed)
  const ranges = placeLayers({ layers, speeds, capacity: rooms.map(({ capacity }) => capacity) })
  return ranges.map((range, node) => {
    const own = bytes.layers.slice(range.from, range.to).reduce((sum, size) => sum + size, 0)
    const { memoryMb, fixedMb = 0 } = rooms[node] ?? {}
    return {
      layers: range,
      speed: speeds[node] ?? 1,
      ...(memoryMb === undefined ? {} : { memoryMb }),
      weightsMb: Math.round(10 * (own / 1e6 + fixedMb)) / 10,
    }
  })
}

const partsOf = (node: number, nodes: number): string =>
  [node === 0 ? 'embedding' : '', node === nodes - 1 ? 'head' : ''].filter(Boolean).join(', ') || 'nothing else'
