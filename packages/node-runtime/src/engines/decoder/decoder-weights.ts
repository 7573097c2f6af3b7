import type { ModelConfig } from '../../models/model-config.ts'
import type { WeightFolder } from '../../weights/weight-folder.ts'
import type { Matrix, MatrixProducts } from './matrix-products.ts'

export interface LayerRange {
  readonly from: number
  /** One past the last layer. */
  readonly to: number
}

/** Weights of one layer; matrices that read the same rows are one. */
export interface LayerWeights {
  readonly attentionNorm: Float32Array
  /** Query, key and value side by side. */
  readonly queryKeyValue: Matrix
  readonly output: Matrix
  readonly ffnNorm: Float32Array
  /** Gate and up side by side. */
  readonly gateUp: Matrix
  readonly down: Matrix
}

/** What one shard owns. */
export interface DecoderWeights {
  /** On the shard that embeds. `[vocab, hidden]` */
  readonly embedding: Float32Array | undefined
  readonly layers: readonly LayerWeights[]
  /** At the tail. */
  readonly head: { readonly norm: Float32Array; readonly logits: Matrix } | undefined
  dispose(): void
}

export interface WeightRequest {
  readonly config: ModelConfig
  readonly folder: WeightFolder
  readonly range: LayerRange
  readonly products: MatrixProducts
}

/** Reads the tensors of layers `[from, to)`, the embedding if `from` is 0 and the head if `to` is the last layer. */
export async function loadDecoderWeights({ config, folder, range, products }: WeightRequest): Promise<DecoderWeights> {
  const { hiddenSize, vocabSize, ffnSize, tensors } = config
  const queries = config.heads * config.headDim
  const keys = config.kvHeads * config.headDim
  const placed: Matrix[] = []

  /** Stacks matrices of equal input, so that one product serves all. */
  const place = async (
    inSize: number,
    parts: readonly (readonly [name: string, outSize: number])[],
  ): Promise<Matrix> => {
    const outSize = parts.reduce((sum, [, size]) => sum + size, 0)
    const stacked = new Float32Array(outSize * inSize)
    let filled = 0
    for (const [name, size] of parts) {
      stacked.set(await folder.read(name, [size, inSize]), filled)
      filled += size * inSize
    }
    const matrix = products.place(stacked, { inSize, outSize })
    placed.push(matrix)
    return matrix
  }

  const embedding = range.from === 0 ? await folder.read(tensors.embedding, [vocabSize, hiddenSize]) : undefined
  const layers: LayerWeights[] = []
  for (let index = range.from; index < range.to; index++) {
    const names = tensors.layer(index)
    layers.push({
      attentionNorm: await folder.read(names.attentionNorm, [hiddenSize]),
      queryKeyValue: await place(hiddenSize, [
        [names.query, queries],
        [names.key, keys],
        [names.value, keys],
      ]),
      output: await place(queries, [[names.output, hiddenSize]]),
      ffnNorm: await folder.read(names.ffnNorm, [hiddenSize]),
      gateUp: await place(hiddenSize, [
        [names.gate, ffnSize],
        [names.up, ffnSize],
      ]),
      down: await place(ffnSize, [[names.down, hiddenSize]]),
    })
  }
  const head =
    range.to === config.layers
      ? {
          norm: await folder.read(tensors.finalNorm, [hiddenSize]),
          logits: await place(hiddenSize, [[tensors.head, vocabSize]]),
        }
      : undefined

  return { embedding, layers, head, dispose: () => placed.forEach((matrix) => void matrix.dispose()) }
}
