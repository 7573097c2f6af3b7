import type { TokenId } from '@dsd-lab/core'
import type { ModelConfig } from '../../models/model-config.ts'
import type { ModelWeights } from '../../weights/model-weights.ts'

/** Rows kept in memory, in bytes: a text mostly repeats its own tokens. */
const KEPT_BYTES = 2 ** 23

/** The embedding of a model, read from its file row by row: it is the largest matrix of many, and a window needs few rows. */
export class EmbeddingRows {
  readonly #config: ModelConfig
  readonly #weights: ModelWeights
  readonly #kept = new Map<TokenId, Float32Array>()

  constructor(config: ModelConfig, weights: ModelWeights) {
    this.#config = config
    this.#weights = weights
  }

  /** `[ids, hidden]`, learned positions from `start` on added. */
  async read(ids: readonly TokenId[], start: number): Promise<Float32Array> {
    const { hiddenSize, positions } = this.#config
    const x = new Float32Array(ids.length * hiddenSize)
    const missing = [...new Set(ids)].filter((id) => !this.#kept.has(id))
    const read = new Map(await Promise.all(missing.map(async (id) => [id, await this.#row(id)] as const)))
    for (const [row, id] of ids.entries()) x.set(this.#kept.get(id) ?? read.get(id) ?? [], row * hiddenSize)
    this.#keep(read)
    if (positions.kind === 'learned') {
      const learned = await this.#weights.readRows(positions.tensor, { from: start, to: start + ids.length })
      for (let i = 0; i < x.length; i++) x[i] = (x[i] as number) + (learned[i] as number)
    }
    return x
  }

  #row(id: TokenId): Promise<Float32Array> {
    return this.#weights.readRows(this.#config.tensors.embedding, { from: id, to: id + 1 })
  }

  #keep(rows: ReadonlyMap<TokenId, Float32Array>): void {
    const most = Math.floor(KEPT_BYTES / (4 * this.#config.hiddenSize))
    if (this.#kept.size + rows.size > most) this.#kept.clear()
    for (const [id, row] of rows) if (this.#kept.size < most) this.#kept.set(id, row)
  }
}
