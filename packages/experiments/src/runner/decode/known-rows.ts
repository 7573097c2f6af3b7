import type { ShardCompute, ShardSession, TokenId } from '@dsd-lab/core'

/** Rows read in one pass: bounds the logits held at once, 40 MB at a vocabulary of 152 000. */
const ROWS_A_PASS = 32

/** The target's logits at the places of a known text, read in few forward passes; places may only move on. */
export class KnownRows {
  readonly #compute: ShardCompute
  readonly #session: ShardSession
  readonly #promptTokens: number
  /** Prompt and text. */
  readonly #ids: readonly TokenId[]
  #read: { readonly first: number; readonly logits: Float32Array }[] = []

  constructor({
    compute,
    prompt,
    text,
  }: {
    readonly compute: ShardCompute
    readonly prompt: readonly TokenId[]
    readonly text: readonly TokenId[]
  }) {
    this.#compute = compute
    this.#session = compute.openSession()
    this.#promptTokens = prompt.length
    this.#ids = [...prompt, ...text]
  }

  /** Places of the text that have a row: each of its tokens. */
  get places(): number {
    return this.#ids.length - this.#promptTokens
  }

  /** All ids before a place of the text. */
  before(place: number): readonly TokenId[] {
    return this.#ids.slice(0, this.#promptTokens + place)
  }

  get vocabSize(): number {
    return this.#compute.vocabSize
  }

  /** Rows `from` to `to`, the latter not included; earlier rows are forgotten. `[to - from, vocab]` */
  async between(from: number, to: number): Promise<Float32Array> {
    const { vocabSize } = this
    while (this.#readTo < to) await this.#readOn()
    this.#read = this.#read.filter(({ first, logits }) => first + logits.length / vocabSize > from)
    const rows = new Float32Array((to - from) * vocabSize)
    for (const { first, logits } of this.#read) {
      const start = Math.max(from, first)
      const end = Math.min(to, first + logits.length / vocabSize)
      if (start >= end) continue
      rows.set(logits.subarray((start - first) * vocabSize, (end - first) * vocabSize), (start - from) * vocabSize)
    }
    return rows
  }

  close(): void {
    this.#session.close()
  }

  /** First place whose row was not read yet. The row of place 0 is that of the last prompt token. */
  get #readTo(): number {
    return Math.max(0, this.#session.length - (this.#promptTokens - 1))
  }

  async #readOn(): Promise<void> {
    const first = this.#readTo
    const start = this.#session.length
    const lead = Math.max(0, this.#promptTokens - 1 - start)
    const ids = this.#ids.slice(start, Math.min(start + lead + ROWS_A_PASS, this.#ids.length - 1))
    const output = await this.#session.forward({ start, input: { kind: 'ids', ids }, logitsFrom: lead })
    if (output.kind !== 'logits') throw new RangeError('a target that is not whole gives no logits')
    this.#read.push({ first, logits: output.logits })
  }
}
