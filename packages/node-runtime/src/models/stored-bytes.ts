import { tensorFormats } from '../weights/gguf/tensor-types.ts'
import type { StoredTensor } from '../weights/model-weights.ts'
import type { ModelSource } from './model-source.ts'
import { embeddingTensors, headTensors, layerTensors, type TensorShape } from './tensor-shapes.ts'

/** Bytes of a model's parts as its files store them. */
export interface StoredBytes {
  /** What the head of the chain holds beside its layers. */
  readonly embedding: number
  /** `[layers]` */
  readonly layers: readonly number[]
  /** What the tail holds beside its layers; the embedding once more where the two are tied. */
  readonly head: number
}

/** Reads headers only. */
export async function storedBytes({
  config,
  openWeights,
}: Pick<ModelSource, 'config' | 'openWeights'>): Promise<StoredBytes> {
  await using weights = await openWeights()
  const sum = (tensors: Iterable<TensorShape>): number =>
    Array.from(tensors, ({ name }) => bytesOf(weights.stored(name))).reduce((total, bytes) => total + bytes, 0)
  return {
    embedding: sum(embeddingTensors(config)),
    layers: Array.from({ length: config.layers }, (_, index) => sum(layerTensors(config, index))),
    head: sum(headTensors(config)),
  }
}

function bytesOf(stored: StoredTensor): number {
  if (stored.format === 'safetensors') return stored.byteLength
  const { blockSize, blockBytes } = tensorFormats[stored.type]
  return (stored.shape.reduce((product, size) => product * size, 1) / blockSize) * blockBytes
}
