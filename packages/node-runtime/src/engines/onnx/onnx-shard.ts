import {
  DsdError,
  type ForwardRequest,
  type ShardCompute,
  type ShardOutput,
  type ShardSession,
  type TokenId,
} from '@dsd-lab/core'
import type { ModelConfig } from '../../models/model-config.ts'
import type { ModelWeights } from '../../weights/model-weights.ts'
import type { LayerRange } from '../decoder/decoder-weights.ts'
import { checkRows } from '../forward-checks.ts'
import { EmbeddingRows } from './embedding-rows.ts'
import type { ShardWorker } from './session/shard-worker.ts'

export interface OnnxShardParts {
  readonly config: ModelConfig
  readonly range: LayerRange
  /** Where the shard embeds: stays open for the rows of the embedding, and is closed with the shard. */
  readonly weights: ModelWeights | undefined
  readonly worker: ShardWorker
}

/** Layers `[from, to)` of a decoder on onnxruntime, computed in a thread of their own. */
export class OnnxShard implements ShardCompute {
  readonly layers: LayerRange
  readonly embeds: boolean
  readonly tail: boolean
  readonly hiddenSize: number
  readonly vocabSize: number
  readonly maxLength: number
  readonly #parts: OnnxShardParts
  readonly #embedding: EmbeddingRows | undefined
  #sessions = 0

  constructor(parts: OnnxShardParts) {
    const { config, range } = parts
    this.layers = range
    this.embeds = range.from === 0
    this.tail = range.to === config.layers
    this.hiddenSize = config.hiddenSize
    this.vocabSize = config.vocabSize
    this.maxLength = config.maxLength
    this.#parts = parts
    this.#embedding = parts.weights && new EmbeddingRows(config, parts.weights)
  }

  openSession(): ShardSession {
    const id = this.#sessions++
    let closed = false
    let length = 0
    const forward = async (request: ForwardRequest): Promise<ShardOutput> => {
      if (closed) throw new DsdError('the session is closed', { kind: 'protocol' })
      const rows = checkRows(this, request, length)
      const output = await this.#forward(id, request, rows)
      length = request.start + rows
      return output
    }
    const close = (): void => {
      if (!closed) this.#parts.worker.close(id)
      closed = true
      length = 0
    }
    return {
      get length() {
        return length
      },
      forward,
      close,
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#parts.worker.terminate()
    await this.#parts.weights?.[Symbol.asyncDispose]()
  }

  async #forward(session: number, request: ForwardRequest, rows: number): Promise<ShardOutput> {
    const { start, input, logitsFrom = 0 } = request
    const hidden = input.kind === 'ids' ? await this.#embed(input.ids, start) : input.hidden
    const values = await this.#parts.worker.forward(session, { start, hidden, rows, logitsFrom })
    if (!this.tail) return { kind: 'hidden', rows, hidden: values }
    return { kind: 'logits', rows: values.length / this.vocabSize, logits: values }
  }

  #embed(ids: readonly TokenId[], start: number): Promise<Float32Array> {
    if (this.#embedding !== undefined) return this.#embedding.read(ids, start)
    throw new DsdError('a shard without layer 0 has no embedding', { kind: 'protocol' })
  }
}
