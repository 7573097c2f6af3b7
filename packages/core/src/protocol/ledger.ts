import type { TokenId } from '../tokens.ts'
import { DigestChain } from './digest.ts'

/** The committed text, append-only: the coordinator is its only writer. */
export class Ledger {
  readonly digests: DigestChain
  readonly #ids: TokenId[]

  constructor(open: Uint8Array, ids: readonly TokenId[]) {
    this.#ids = [...ids]
    this.digests = new DigestChain(open)
    for (const id of ids) this.digests.push(id)
  }

  get ids(): readonly TokenId[] {
    return this.#ids
  }

  /** Position of the last committed token. Its KV row does not exist yet. */
  get last(): number {
    return this.#ids.length - 1
  }

  append(tokens: readonly TokenId[]): void {
    for (const id of tokens) {
      this.#ids.push(id)
      this.digests.push(id)
    }
  }
}
