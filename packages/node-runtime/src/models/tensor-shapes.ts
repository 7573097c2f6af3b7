import { DsdError } from '@dsd-lab/core'
import type { ModelWeights } from '../weights/model-weights.ts'
import type { LayerTensors, MatrixTensor, ModelConfig, NormTensors } from './model-config.ts'

/** A tensor that a config asks for, in the order of the file. */
export interface TensorShape {
  readonly name: string
  readonly shape: readonly number[]
}

/**
 * The config, with the head that the files have: some hold one though they say that it is tied to the embedding.
 *
 * @throws DsdError naming the first tensor that is missing, of another shape or in a number format that is not supported
 */
export function fitTensors(declared: ModelConfig, weights: ModelWeights): ModelConfig {
  const { tensors } = declared
  const hasOwnHead = tensors.head === tensors.embedding && weights.has(OWN_HEAD)
  const config = hasOwnHead ? { ...declared, tensors: { ...tensors, head: OWN_HEAD } } : declared
  for (const { name, shape } of allTensors(config)) {
    const stored = weights.stored(name)
    if (stored.shape.join() === shape.join()) continue
    throw new DsdError(`tensor ${name} has shape [${stored.shape.join(', ')}], not [${shape.join(', ')}]`, {
      kind: 'bad-input',
      ...(stored.format === 'safetensors' && { where: stored.path }),
      fix: 'check that config.json belongs to these weights',
    })
  }
  return config
}

const OWN_HEAD = 'lm_head.weight'

function* allTensors(config: ModelConfig): Generator<TensorShape> {
  yield* embeddingTensors(config)
  for (let index = 0; index < config.layers; index++) yield* layerTensors(config, index)
  yield* headTensors(config)
}

/** What the shard that embeds reads beside its layers. */
export function* embeddingTensors({
  tensors,
  positions,
  vocabSize,
  maxLength,
  hiddenSize,
}: ModelConfig): Generator<TensorShape> {
  yield { name: tensors.embedding, shape: [vocabSize, hiddenSize] }
  if (positions.kind === 'learned') yield { name: positions.tensor, shape: [maxLength, hiddenSize] }
}

/** What the tail reads beside its layers. */
export function* headTensors({ tensors, vocabSize, hiddenSize }: ModelConfig): Generator<TensorShape> {
  yield* normTensors(tensors.finalNorm, hiddenSize)
  yield { name: tensors.head, shape: [vocabSize, hiddenSize] }
}

export function* layerTensors(config: ModelConfig, index: number): Generator<TensorShape> {
  const { hiddenSize, headDim } = config
  const layer: LayerTensors = config.tensors.layer(index)
  yield* normTensors(layer.attentionNorm, hiddenSize)
  for (const part of layer.queryKeyValue) yield* matrixTensors(part, hiddenSize)
  if (layer.queryNorm !== undefined) yield { name: layer.queryNorm, shape: [headDim] }
  if (layer.keyNorm !== undefined) yield { name: layer.keyNorm, shape: [headDim] }
  yield* matrixTensors(layer.output, config.heads * headDim)
  yield* normTensors(layer.ffnNorm, hiddenSize)
  for (const part of layer.feedForwardIn) yield* matrixTensors(part, hiddenSize)
  yield* matrixTensors(layer.down, config.ffnSize)
}

function* normTensors({ weight, bias }: NormTensors, size: number): Generator<TensorShape> {
  yield { name: weight, shape: [size] }
  if (bias !== undefined) yield { name: bias, shape: [size] }
}

function* matrixTensors({ name, outSize, bias, stored }: MatrixTensor, inSize: number): Generator<TensorShape> {
  yield { name, shape: stored === 'in-out' ? [inSize, outSize] : [outSize, inSize] }
  if (bias !== undefined) yield { name: bias, shape: [outSize] }
}
