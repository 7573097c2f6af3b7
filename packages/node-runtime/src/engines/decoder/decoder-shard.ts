import {
  DsdError,
  type ForwardRequest,
  type ShardCompute,
  type ShardInput,
  type ShardOutput,
  type ShardSession,
} from '@dsd-lab/core'
import type { ModelConfig } from '../../models/model-config.ts'
import { ropeFrequencies } from '../../models/rope.ts'
import { checkRows } from '../forward-checks.ts'
import { applyAffine } from './affine.ts'
import { type AttentionPlan, planAttention } from './attention.ts'
import { runLayer } from './decoder-layer.ts'
import type { DecoderWeights, LayerRange } from './decoder-weights.ts'
import { KvCache } from './kv-cache.ts'
import type { MatrixProducts } from './matrix-products.ts'
import { normalise } from './norms.ts'
import { rotations } from './rotary.ts'

/** Longer inputs run through the layers in pieces of this many rows, which bounds the size of attention scores. */
const CHUNK_ROWS = 32

/** Caches of every layer of the shard, and in each layer of every bundle of heads. */
type LayerCaches = readonly (readonly KvCache[])[]

export interface DecoderShardParts {
  readonly config: ModelConfig
  readonly range: LayerRange
  readonly weights: DecoderWeights
  readonly products: MatrixProducts
}

/** Layers `[from, to)` of a decoder-only transformer over a tensor engine. */
export class DecoderShard implements ShardCompute {
  readonly layers: LayerRange
  readonly embeds: boolean
  readonly tail: boolean
  readonly hiddenSize: number
  readonly vocabSize: number
  readonly maxLength: number
  readonly #parts: DecoderShardParts
  readonly #plan: AttentionPlan
  /** Where positions are rotary. */
  readonly #frequencies: Float64Array | undefined

  constructor(parts: DecoderShardParts) {
    const { config, range, weights } = parts
    this.layers = range
    this.embeds = weights.embedding !== undefined
    this.tail = weights.head !== undefined
    this.hiddenSize = config.hiddenSize
    this.vocabSize = config.vocabSize
    this.maxLength = config.maxLength
    this.#parts = parts
    this.#plan = planAttention(config)
    this.#frequencies =
      config.positions.kind === 'rotary' ? ropeFrequencies(config.positions.rope, config.headDim) : undefined
  }

  openSession(): ShardSession {
    const bundles = this.#plan.kvHeads / this.#plan.bundle
    const width = this.#plan.bundle * this.#plan.headDim
    const caches = this.#parts.weights.layers.map(() => Array.from({ length: bundles }, () => new KvCache(width)))
    return new DecoderSession(caches, (request, state) => this.#forward(request, state))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#parts.weights.dispose()
  }

  #forward({ start, input, logitsFrom = 0 }: ForwardRequest, { caches, length }: SessionState): ShardOutput {
    const { config, weights, products } = this.#parts
    const rows = checkRows(this, { start, input }, length)
    const x = this.#residual(input, start)
    products.activate()
    for (let done = 0; done < rows; done += CHUNK_ROWS) {
      const count = Math.min(CHUNK_ROWS, rows - done)
      const pass = {
        config,
        products,
        plan: this.#plan,
        rotations: this.#frequencies && rotations(this.#frequencies, start + done, count),
        start: start + done,
        rows: count,
        length,
      }
      const chunk = x.subarray(done * config.hiddenSize, (done + count) * config.hiddenSize)
      for (const [index, layer] of weights.layers.entries()) {
        runLayer(chunk, { weights: layer, caches: caches[index] ?? [] }, pass)
      }
    }
    if (weights.head === undefined) return { kind: 'hidden', rows, hidden: x }
    const judged = x.subarray(Math.min(rows, logitsFrom) * config.hiddenSize)
    const normed = normalise(judged, weights.head.norm, config.norm)
    const logits = normed.length === 0 ? normed : applyAffine(products, normed, weights.head.logits)
    return { kind: 'logits', rows: logits.length / config.vocabSize, logits }
  }

  /** The rows as a residual stream of our own. `[rows, hidden]` */
  #residual(input: ShardInput, start: number): Float32Array {
    const { embedding, positions } = this.#parts.weights
    const { hiddenSize } = this
    if (input.kind === 'hidden') return input.hidden.slice()
    if (embedding === undefined) throw new DsdError('only the first shard takes token ids', { kind: 'protocol' })
    const x = new Float32Array(input.ids.length * hiddenSize)
    for (const [row, id] of input.ids.entries()) {
      x.set(embedding.subarray(id * hiddenSize, (id + 1) * hiddenSize), row * hiddenSize)
    }
    if (positions === undefined) return x
    for (let i = 0; i < x.length; i++) x[i] = (x[i] as number) + (positions[start * hiddenSize + i] as number)
    return x
  }
}

interface SessionState {
  readonly caches: LayerCaches
  /** Valid positions. */
  length: number
}

type SessionRun = (request: ForwardRequest, state: SessionState) => ShardOutput

class DecoderSession implements ShardSession {
  #state: SessionState | undefined
  readonly #run: SessionRun

  constructor(caches: LayerCaches, run: SessionRun) {
    this.#state = { caches, length: 0 }
    this.#run = run
  }

  get length(): number {
    return this.#state?.length ?? 0
  }

  async forward(request: ForwardRequest): Promise<ShardOutput> {
    if (this.#state === undefined) throw new DsdError('the session is closed', { kind: 'protocol' })
    const output = this.#run(request, this.#state)
    this.#state.length = request.start + (request.input.kind === 'ids' ? request.input.ids.length : request.input.rows)
    return output
  }

  close(): void {
    this.#state = undefined
  }
}
