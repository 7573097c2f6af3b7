import { sha256 } from '@noble/hashes/sha2.js'
import type { TokenId } from '../tokens.ts'
import type { DigestLadder, PrefixDigest } from './frames/frame.ts'

/** SHA-256 of a text so far. `[32]` */
type Digest = Uint8Array

/** Digests of a text that continues a prefix. */
export interface Extension {
  readonly start: number
  readonly digests: readonly Digest[]
  /** Of the last one. */
  readonly post: PrefixDigest | undefined
}

/**
 * One digest for every prefix of a text: `H_0 = SHA-256(OPEN section)`, `H_{i+1} = SHA-256(H_i | u32le(x_i))`; the first 8
 * bytes travel. Equal digests at a position mean the same model, rule, sampling, seed and ids before it.
 */
export class DigestChain {
  readonly #digests: Digest[]

  /** @param open The OPEN section of the session, byte for byte. */
  constructor(open: Uint8Array) {
    this.#digests = [sha256(open)]
  }

  /** Tokens covered. */
  get length(): number {
    return this.#digests.length - 1
  }

  /** Digest of `x_0 .. x_{position-1}` as it travels, or undefined beyond the end. */
  at(position: number): PrefixDigest | undefined {
    const digest = this.#digests[position]
    return digest === undefined ? undefined : onWire(digest)
  }

  /** What `ids` from `start` on would add; empty when the chain does not reach `start`. */
  extension(start: number, ids: readonly TokenId[]): Extension {
    const digests = this.#extend(start, ids)
    const last = digests.at(-1)
    return { start, digests, post: last === undefined ? undefined : onWire(last) }
  }

  /** Digest after `ids` from `start` on, without keeping it. */
  ahead(start: number, ids: readonly TokenId[]): PrefixDigest | undefined {
    return ids.length === 0 ? this.at(start) : this.extension(start, ids).post
  }

  /** Replaces everything from the start of the extension on. */
  replace({ start, digests }: Extension): void {
    this.#digests.length = Math.min(this.#digests.length, start + 1)
    for (const digest of digests) this.#digests.push(digest)
  }

  push(id: TokenId): void {
    this.replace(this.extension(this.length, [id]))
  }

  /** The root as text, to tell sessions of different content apart. */
  get root(): string {
    return (this.#digests[0] ?? new Uint8Array()).join()
  }

  /** Digests at `from`, `from - 1`, `from - 3`, `from - 7`, ... and 0: enough to find a common prefix in one message. */
  ladder(from: number): DigestLadder {
    const rungs: { position: number; digest: PrefixDigest }[] = []
    let position = Math.min(from, this.length)
    for (let step = 1; position > 0; step *= 2) {
      rungs.push({ position, digest: this.at(position) ?? 0n })
      position -= step
    }
    return [...rungs, { position: 0, digest: this.at(0) ?? 0n }]
  }

  /** The longest prefix on a ladder that this chain has too; 0 when there is none. */
  commonPrefix(ladder: DigestLadder): number {
    return ladder.reduce(
      (best, { position, digest }) => (this.at(position) === digest ? Math.max(best, position) : best),
      0,
    )
  }

  #extend(start: number, ids: readonly TokenId[]): Digest[] {
    const base = this.#digests[start]
    if (base === undefined) return []
    const link = new Uint8Array(36)
    const view = new DataView(link.buffer)
    let digest = base
    return ids.map((id) => {
      link.set(digest)
      view.setUint32(32, id, true)
      digest = sha256(link)
      return digest
    })
  }
}

function onWire(digest: Digest): PrefixDigest {
  return new DataView(digest.buffer, digest.byteOffset, 8).getBigUint64(0, true)
}
