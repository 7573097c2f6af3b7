import { DsdError } from '@dsd-lab/core'
import { memoryHere } from '../../memory-here.ts'
import { sizeText } from '../../model-sources/size-text.ts'
import type { ModelSource } from '../../models/model-source.ts'
import { embeddingTensors, headTensors, layerTensors, type TensorShape } from '../../models/tensor-shapes.ts'
import type { LayerRange } from '../decoder/decoder-weights.ts'
import type { TensorBackend } from './tensor-backend.ts'

/** Bytes of the weights that each backend holds now. */
const held = new WeakMap<TensorBackend, number>()

export interface RoomRequest {
  readonly model: ModelSource
  readonly range: LayerRange
  readonly backend: TensorBackend
}

/**
 * Sets memory aside for the float32 weights of a shard, before any is read.
 *
 * @returns gives it back @throws DsdError with the arithmetic when they do not fit
 */
export function takeRoom({ model, range, backend }: RoomRequest): () => void {
  const { config } = model
  const embeds = range.from === 0 ? float32Bytes(embeddingTensors(config)) : 0
  const layers = Array.from({ length: range.to - range.from }, (_, i) => layerTensors(config, range.from + i))
  const head = range.to === config.layers ? float32Bytes(headTensors(config)) : 0
  const placed = layers.reduce((sum, tensors) => sum + float32Bytes(tensors), head)
  const before = held.get(backend) ?? 0
  // The embedding is looked up beside the engine, not in it.
  const refusal =
    before + placed > (backend.capacityBytes ?? Number.POSITIVE_INFINITY)
      ? `and ${backend.name} has room for ${sizeText(backend.capacityBytes ?? 0)}${before > 0 ? `, of which ${sizeText(before)} are taken` : ''}`
      : before + placed + embeds > memoryHere()
        ? `and the machine has ${sizeText(memoryHere())} of memory`
        : undefined
  if (refusal !== undefined) {
    throw new DsdError(`layers ${range.from}:${range.to} take ${sizeText(placed + embeds)} as float32, ${refusal}`, {
      kind: 'environment',
      where: model.ref,
      fix: 'cut the model over more processes, or use engine onnx, which computes with the stored weights',
    })
  }
  held.set(backend, before + placed)
  return () => held.set(backend, (held.get(backend) ?? 0) - placed)
}

function float32Bytes(tensors: Iterable<TensorShape>): number {
  let values = 0
  for (const { shape } of tensors) values += shape.reduce((product, size) => product * size, 1)
  return values * Float32Array.BYTES_PER_ELEMENT
}
