import type { Hash } from 'node:crypto'
import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { DsdError } from '@dsd-lab/core'
import { type ContentDigest, feedFile, startHash } from '../content-digest.ts'
import { fileSize, onDisk } from '../disk.ts'
import { sizeText } from '../size-text.ts'
import { networkProblem } from './hub-fetch.ts'

export interface BlobRequest {
  readonly url: string
  /** Names the file in errors. */
  readonly where: string
  /** Where the whole file goes; until then it is `<path>.incomplete`. */
  readonly path: string
  readonly bytes: number
  readonly digest: ContentDigest
  readonly fetch: typeof globalThis.fetch
  readonly signal: AbortSignal
  /** Bytes that arrived; negative when some have to be fetched again. */
  readonly onBytes: (bytes: number) => void
  /** A connection that is silent for so long counts as cut. Default: 30 000. */
  readonly silenceMs?: number
}

/** How often in a row the connection may be cut without a byte in between. */
const FRUITLESS_ATTEMPTS = 4

/**
 * Downloads a file by ranges: goes on where an earlier, cut download stopped, and checks the whole against its digest.
 *
 * @returns how many bytes came over the network
 * @throws DsdError when the connection is cut again and again, or the content is not what the hub promised
 */
export async function fetchBlob(request: BlobRequest): Promise<number> {
  const { path, bytes, digest, signal, where } = request
  const incomplete = `${path}.incomplete`
  await using file = await openPartial(incomplete)
  const partial = await resumePartial(file, incomplete, request)
  const resumedBytes = partial.size
  for (let fruitless = 0; partial.size < bytes; ) {
    const before = partial.size
    const problem = await fetchRange(partial, request)
    signal.throwIfAborted()
    fruitless = partial.size > before ? 0 : fruitless + 1
    if (fruitless === FRUITLESS_ATTEMPTS) {
      throw new DsdError(`the connection breaks at ${sizeText(partial.size)} of ${sizeText(bytes)} (${problem})`, {
        kind: 'environment',
        where,
        fix: 'run the same command again later: it goes on from there',
      })
    }
    if (problem !== undefined) await sleep(200 * 3 ** fruitless, undefined, { signal })
  }
  const hex = partial.hash.digest('hex')
  if (partial.size !== bytes || hex !== digest.hex) {
    await rm(incomplete, { force: true })
    throw new DsdError(`what arrived has ${digest.kind} ${hex}, the hub promised ${digest.hex}`, {
      kind: 'environment',
      where,
      fix: 'it was damaged on the way and is thrown away: run the same command again',
    })
  }
  await onDisk(path, async () => {
    await file.sync()
    await rename(incomplete, path)
  })
  return bytes - resumedBytes
}

/** What has arrived so far. */
interface Partial {
  readonly file: FileHandle
  size: number
  hash: Hash
}

function openPartial(path: string): Promise<FileHandle> {
  return onDisk(path, async () => {
    if ((await fileSize(path)) === undefined) await rm(path, { force: true, recursive: true })
    return open(path, 'a')
  })
}

async function resumePartial(
  file: FileHandle,
  path: string,
  { bytes, digest, signal, onBytes }: BlobRequest,
): Promise<Partial> {
  const partial: Partial = { file, size: (await file.stat()).size, hash: startHash(digest.kind, bytes) }
  if (partial.size > bytes) await startOver(partial, { bytes, digest, onBytes: () => {} })
  await feedFile(partial.hash, path, { signal })
  onBytes(partial.size)
  return partial
}

async function startOver(
  partial: Partial,
  { bytes, digest, onBytes }: Pick<BlobRequest, 'bytes' | 'digest' | 'onBytes'>,
): Promise<void> {
  onBytes(-partial.size)
  await partial.file.truncate(0)
  partial.size = 0
  partial.hash = startHash(digest.kind, bytes)
}

/** Appends what comes until the end or a cut; gives the reason for a cut. */
async function fetchRange(partial: Partial, request: BlobRequest): Promise<string | undefined> {
  const { url, bytes, fetch, signal, onBytes, path, silenceMs = 30_000 } = request
  const silence = new AbortController()
  const timer = setTimeout(() => silence.abort(new Error(`nothing came for ${silenceMs / 1000} s`)), silenceMs)
  try {
    const response = await fetch(url, {
      // A packed answer would count other bytes than the range asks for.
      headers: { range: `bytes=${partial.size}-`, 'accept-encoding': 'identity' },
      signal: AbortSignal.any([signal, silence.signal]),
    })
    await checkAnswer(response, request)
    if (beginOf(response) !== partial.size) await startOver(partial, request)
    for await (const chunk of response.body ?? []) {
      timer.refresh()
      const fresh = chunk.subarray(0, bytes - partial.size)
      await onDisk(path, () => partial.file.appendFile(fresh))
      partial.hash.update(fresh)
      partial.size += fresh.length
      onBytes(fresh.length)
      if (fresh.length < chunk.length) return undefined
    }
    return partial.size < bytes ? 'the answer ended early' : undefined
  } catch (error) {
    if (error instanceof DsdError && error.where !== 'hub') throw error
    return networkProblem(error)
  } finally {
    clearTimeout(timer)
  }
}

async function checkAnswer(response: Response, { where }: BlobRequest): Promise<void> {
  if (response.ok) return
  await response.body?.cancel()
  throw new DsdError(`the hub answers ${response.status} ${response.statusText}`.trim(), {
    kind: 'environment',
    where,
    fix: response.status === 401 || response.status === 403 ? 'set HF_TOKEN to a token that may read it' : 'try again',
  })
}

/** Where an answer begins in the file; a server that knows no ranges sends all of it. */
function beginOf(response: Response): number {
  if (response.status !== 206) return 0
  return Number(/^bytes (\d+)-/.exec(response.headers.get('content-range') ?? '')?.[1] ?? 0)
}
