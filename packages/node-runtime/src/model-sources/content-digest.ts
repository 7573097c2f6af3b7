import { createHash, type Hash } from 'node:crypto'
import { createReadStream } from 'node:fs'

/** How the hub names the content of a file: large ones by SHA-256, small ones as git does. */
export interface ContentDigest {
  readonly kind: 'sha256' | 'git-sha1'
  /** Hexadecimal. */
  readonly hex: string
}

/** A hash that has seen nothing yet of a file of so many bytes. */
export function startHash(kind: ContentDigest['kind'], bytes: number): Hash {
  return kind === 'sha256' ? createHash('sha256') : createHash('sha1').update(`blob ${bytes}\0`)
}

export interface FeedOptions {
  readonly signal?: AbortSignal
  /** Bytes that were read since the last call. */
  readonly onBytes?: (bytes: number) => void
}

/** Feeds a whole file to a hash. */
export async function feedFile(hash: Hash, path: string, { signal, onBytes }: FeedOptions = {}): Promise<Hash> {
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    signal?.throwIfAborted()
    if (!Buffer.isBuffer(chunk)) continue
    hash.update(chunk)
    onBytes?.(chunk.length)
  }
  return hash
}
