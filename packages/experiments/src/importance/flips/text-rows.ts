import { DsdError, type ShardCompute, type ShardSession, type TokenId } from '@dsd-lab/core'

/** Logits along texts of one whole model; what a text shares with the one before it is not computed again. */
export class TextRows {
  readonly #session: ShardSession
  /** The tokens whose KV rows the session holds. */
  #fed: readonly TokenId[] = []

  constructor(compute: ShardCompute) {
    this.#session = compute.openSession()
  }

  /** Logits of the rows of `text` from index `first` on; row i judges the token after `text[i]`. `[text - first, vocab]` */
  async logitsFrom(text: readonly TokenId[], first: number): Promise<Float32Array> {
    const start = Math.min(commonPrefix(this.#fed, text), this.#session.length, first)
    this.#fed = this.#fed.slice(0, start)
    const input = { kind: 'ids', ids: text.slice(start) } as const
    const output = await this.#session.forward({ start, input, logitsFrom: first - start })
    if (output.kind !== 'logits') {
      throw new DsdError('a model answered hidden states instead of logits', {
        kind: 'environment',
        where: 'importance',
        fix: 'load it whole',
      })
    }
    this.#fed = text
    return output.logits
  }
}

function commonPrefix(a: readonly TokenId[], b: readonly TokenId[]): number {
  let length = 0
  while (length < a.length && a[length] === b[length]) length++
  return length
}
