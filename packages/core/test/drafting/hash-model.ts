import type { ForwardRequest, ShardCompute, ShardSession } from '../../src/protocol/shard-compute.ts'
import { PURPOSE, uniformField } from '../../src/random/streams.ts'
import type { TokenId } from '../../src/tokens.ts'

/**
 * A whole model whose logits are a hash of all rows below: a stale, missing or shifted KV row changes every later logit.
 * A KV row holds the hash of the prefix that it was computed from.
 */
export function hashModel({ vocabSize, maxLength = 1000 }: { vocabSize: number; maxLength?: number }): ShardCompute & {
  readonly rowsFed: number[]
} {
  const rowsFed: number[] = []
  return {
    layers: { from: 0, to: 1 },
    embeds: true,
    tail: true,
    hiddenSize: 1,
    vocabSize,
    maxLength,
    rowsFed,
    openSession: () => new HashSession({ vocabSize, maxLength, rowsFed }),
    async [Symbol.asyncDispose]() {},
  }
}

/** Logits after `prefix`, by definition. */
export function hashLogits(prefix: readonly TokenId[], vocabSize: number): Float32Array {
  return logitsOf(prefix.reduce(fold, 17), vocabSize)
}

function fold(hash: number, id: TokenId): number {
  return (Math.imul(hash ^ (id + 0x9e37), 0x85ebca6b) ^ (hash >>> 13)) >>> 0
}

function logitsOf(hash: number, vocabSize: number): Float32Array {
  const field = uniformField({ seed: hash, purpose: PURPOSE.PROBE, sequence: 0, position: 0 })
  return Float32Array.from({ length: vocabSize }, (_, id) => 6 * field.at(id))
}

class HashSession implements ShardSession {
  readonly #vocabSize: number
  readonly #maxLength: number
  readonly #rowsFed: number[]
  #rows: number[] = []

  constructor({ vocabSize, maxLength, rowsFed }: { vocabSize: number; maxLength: number; rowsFed: number[] }) {
    this.#vocabSize = vocabSize
    this.#maxLength = maxLength
    this.#rowsFed = rowsFed
  }

  get length(): number {
    return this.#rows.length
  }

  async forward({ start, input, logitsFrom = 0 }: ForwardRequest) {
    if (input.kind !== 'ids') throw new Error('a whole model takes ids')
    if (start > this.#rows.length) throw new Error(`hole: row ${start} of ${this.#rows.length}`)
    if (start + input.ids.length > this.#maxLength) throw new Error('past the end')
    this.#rowsFed.push(input.ids.length)
    this.#rows = this.#rows.slice(0, start)
    for (const id of input.ids) this.#rows.push(fold(this.#rows.at(-1) ?? 17, id))
    const wanted = this.#rows.slice(start + logitsFrom)
    const logits = Float32Array.from(wanted.flatMap((hash) => [...logitsOf(hash, this.#vocabSize)]))
    return { kind: 'logits' as const, rows: wanted.length, logits }
  }

  close(): void {
    this.#rows = []
  }
}
