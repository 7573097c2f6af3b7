import type { MatrixTensor, ModelConfig, NormTensors } from '../../models/model-config.ts'
import type { ModelWeights } from '../../weights/model-weights.ts'
import type { Affine } from './affine.ts'
import type { Matrix, MatrixProducts } from './matrix-products.ts'
import type { NormWeights } from './norms.ts'
import { transpose } from './transpose.ts'

export interface LayerRange {
  readonly from: number
  /** One past the last layer. */
  readonly to: number
}

/** Weights of one layer; matrices that read the same rows are one. */
export interface LayerWeights {
  /** Positions that its rows attend to; undefined: all. */
  readonly window: number | undefined
  readonly attentionNorm: NormWeights
  /** Query, key and value side by side. */
  readonly queryKeyValue: Affine
  /** Norms of single heads. `[headDim]` */
  readonly queryNorm: Float32Array | undefined
  readonly keyNorm: Float32Array | undefined
  readonly output: Affine
  readonly ffnNorm: NormWeights
  /** Gate and up side by side, or the one matrix of a plain feed-forward block. */
  readonly feedForwardIn: Affine
  readonly down: Affine
}

/** What one shard owns. */
export interface DecoderWeights {
  /** On the shard that embeds. `[vocab, hidden]` */
  readonly embedding: Float32Array | undefined
  /** On the shard that embeds, where positions are learned. `[maxLength, hidden]` */
  readonly positions: Float32Array | undefined
  readonly layers: readonly LayerWeights[]
  /** At the tail. */
  readonly head: { readonly norm: NormWeights; readonly logits: Affine } | undefined
  dispose(): void
}

export interface WeightRequest {
  readonly config: ModelConfig
  readonly weights: ModelWeights
  readonly range: LayerRange
  readonly products: MatrixProducts
}

/** Reads the tensors of layers `[from, to)`, the embedding if `from` is 0 and the head if `to` is the last layer. */
export async function loadDecoderWeights({ config, weights, range, products }: WeightRequest): Promise<DecoderWeights> {
  const { hiddenSize, vocabSize, headDim, tensors } = config
  const placed: Matrix[] = []

  const vector = (name: string, size: number): Promise<Float32Array> => weights.read(name, [size])
  const optional = (name: string | undefined): Promise<Float32Array | undefined> =>
    name === undefined ? Promise.resolve(undefined) : vector(name, headDim)
  const norm = async ({ weight, bias }: NormTensors): Promise<NormWeights> => ({
    weight: await vector(weight, hiddenSize),
    bias: bias === undefined ? undefined : await vector(bias, hiddenSize),
  })

  /** Rows of one output each. `[outSize, inSize]` */
  const rowsOf = async ({ name, outSize, stored }: MatrixTensor, inSize: number): Promise<Float32Array> =>
    stored === 'in-out'
      ? transpose(await weights.read(name, [inSize, outSize]), inSize, outSize)
      : weights.read(name, [outSize, inSize])

  /** Stacks matrices of equal input, so that one product serves all. */
  const affine = async (inSize: number, parts: readonly MatrixTensor[]): Promise<Affine> => {
    const outSize = parts.reduce((sum, part) => sum + part.outSize, 0)
    const stacked = new Float32Array(outSize * inSize)
    const bias = parts.some((part) => part.bias !== undefined) ? new Float32Array(outSize) : undefined
    let filled = 0
    for (const part of parts) {
      stacked.set(await rowsOf(part, inSize), filled * inSize)
      if (part.bias !== undefined) bias?.set(await vector(part.bias, part.outSize), filled)
      filled += part.outSize
    }
    const matrix = products.place(stacked, { inSize, outSize })
    placed.push(matrix)
    return { matrix, bias }
  }

  const embeds = range.from === 0
  const embedding = embeds ? await weights.read(tensors.embedding, [vocabSize, hiddenSize]) : undefined
  const positions =
    embeds && config.positions.kind === 'learned'
      ? await weights.read(config.positions.tensor, [config.maxLength, hiddenSize])
      : undefined
  const layers: LayerWeights[] = []
  for (let index = range.from; index < range.to; index++) {
    const layer = tensors.layer(index)
    layers.push({
      window: config.window?.(index),
      attentionNorm: await norm(layer.attentionNorm),
      queryKeyValue: await affine(hiddenSize, layer.queryKeyValue),
      queryNorm: await optional(layer.queryNorm),
      keyNorm: await optional(layer.keyNorm),
      output: await affine(config.heads * headDim, [layer.output]),
      ffnNorm: await norm(layer.ffnNorm),
      feedForwardIn: await affine(hiddenSize, layer.feedForwardIn),
      down: await affine(config.ffnSize, [layer.down]),
    })
  }
  const head =
    range.to === config.layers
      ? {
          norm: await norm(tensors.finalNorm),
          logits: await affine(hiddenSize, [{ name: tensors.head, outSize: vocabSize }]),
        }
      : undefined

  return { embedding, positions, layers, head, dispose: () => placed.forEach((matrix) => void matrix.dispose()) }
}
