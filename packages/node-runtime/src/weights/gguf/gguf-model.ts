import type { ModelWeights, RowRange, StoredTensor } from '../model-weights.ts'
import type { HuggingFaceConfig } from './architectures/architecture.ts'
import { findArchitecture } from './architectures/find-architecture.ts'
import { GgufFile } from './gguf-file.ts'
import type { ModelFacts } from './model-facts.ts'
import { readFacts, readSizes } from './read-facts.ts'
import { quoted, refusal } from './refusal.ts'
import { type GgufTokenizer, readTokenizer } from './tokenizer/read-tokenizer.ts'
import { type GgufWeight, mapWeights } from './weight-map.ts'
import { readRows, readStoredRows, rowsOf } from './weight-rows.ts'

/**
 * A GGUF file as the Hugging Face model it was made from: the same configuration, tensor names, shapes and row order. Weights are
 * read when asked for, so a shard holds those of its own layers only.
 */
export class GgufModel implements ModelWeights {
  readonly file: GgufFile
  readonly facts: ModelFacts
  /** What `config.json` would say. */
  readonly config: HuggingFaceConfig
  /** By Hugging Face name. */
  readonly weights: ReadonlyMap<string, GgufWeight>

  private constructor(model: Pick<GgufModel, 'file' | 'facts' | 'config' | 'weights'>) {
    this.file = model.file
    this.facts = model.facts
    this.config = model.config
    this.weights = model.weights
  }

  /**
   * Opens a file and checks all of it but the weights' values.
   *
   * @throws DsdError in one line when the file is damaged, or its architecture, rope scaling or a number format is not supported
   */
  static async open(path: string): Promise<GgufModel> {
    const file = await GgufFile.open(path)
    try {
      const architecture = findArchitecture(file)
      const sizes = readSizes(file, architecture)
      const { weights, parts } = mapWeights(file, architecture.tensors(sizes))
      const facts = await readFacts(file, { architecture, sizes, parts })
      return new GgufModel({ file, facts, config: architecture.config(facts), weights })
    } catch (error) {
      await file[Symbol.asyncDispose]()
      throw error
    }
  }

  has(name: string): boolean {
    return this.weights.has(name)
  }

  /**
   * Reads a weight as float32, row major.
   *
   * @param shape what the reader expects
   * @throws DsdError naming file and tensor when it is missing or of another shape
   */
  async read(name: string, shape: readonly number[]): Promise<Float32Array> {
    const weight = this.#weight(name)
    if (weight.shape.join() !== shape.join()) {
      throw refusal(this.file.path, `tensor ${name} has shape [${weight.shape.join(', ')}], not [${shape.join(', ')}]`)
    }
    return readRows(this.file, weight, { from: 0, to: rowsOf(weight) })
  }

  /** Reads rows `[from, to)` of a matrix as float32. `[to - from, in]` */
  async readRows(name: string, range: RowRange): Promise<Float32Array> {
    return readRows(this.file, this.#matrix(name, range), range)
  }

  stored(name: string): StoredTensor {
    const { type, layout, shape } = this.#weight(name)
    return { format: 'gguf', type, layout, shape, readRows: (range) => this.#readStoredRows(name, range) }
  }

  /** Number of values in all weights together. */
  async countParameters(): Promise<number> {
    const sizes = [...this.weights.values()].map(({ shape }) => shape.reduce((product, size) => product * size, 1))
    return sizes.reduce((sum, size) => sum + size, 0)
  }

  /**
   * The tokenizer in the file.
   *
   * @throws DsdError naming the kind of tokenizer that is not supported
   */
  tokenizer(): GgufTokenizer {
    return readTokenizer(this.file)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.file[Symbol.asyncDispose]()
  }

  async #readStoredRows(name: string, range: RowRange): Promise<Uint8Array> {
    const weight = this.#matrix(name, range)
    if (weight.layout.kind === 'transposed') {
      throw refusal(this.file.path, `tensor ${name} is stored transposed and cannot be read by row without widening it`)
    }
    return readStoredRows(this.file, weight, range)
  }

  #weight(name: string): GgufWeight {
    const weight = this.weights.get(name)
    if (weight === undefined) throw refusal(this.file.path, `tensor ${quoted(name)} is missing`)
    return weight
  }

  #matrix(name: string, { from, to }: RowRange): GgufWeight {
    const weight = this.#weight(name)
    const inside = Number.isInteger(from) && Number.isInteger(to) && 0 <= from && from <= to && to <= rowsOf(weight)
    if (!inside) throw new RangeError(`tensor ${name} has ${rowsOf(weight)} rows; [${from}, ${to}) were asked for`)
    return weight
  }
}
