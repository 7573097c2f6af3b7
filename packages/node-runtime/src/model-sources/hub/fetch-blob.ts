import type { Hash } from 'node:crypto'
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
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
  /** Before the first new attempt after a cut; it grows while nothing comes. Default: 200. */
  readonly pauseMs?: number
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
  const { path, bytes, digest, signal, where, pauseMs = 200 } = request
  const incomplete = `${path}.incomplete`
  await using file = await openPartial(incomplete)
  const arrived = await resume(file, incomplete, request)
  const resumedBytes = arrived.size
  for (let fruitless = 0; arrived.size < bytes; ) {
    const before = arrived.size
    const problem = await fetchRange(arrived, request)
    signal.throwIfAborted()
    fruitless = arrived.size > before ? 0 : fruitless + 1
    if (fruitless === FRUITLESS_ATTEMPTS) {
      throw new DsdError(`the connection breaks at ${sizeText(arrived.size)} of ${sizeText(bytes)} (${problem})`, {
        kind: 'environment',
        where,
        fix: 'run the same command again later: it goes on from there',
      })
    }
    if (problem !== undefined) await sleep(pauseMs * 3 ** fruitless, undefined, { signal })
  }
  const hex = arrived.hash.digest('hex')
  if (arrived.size !== bytes || hex !== digest.hex) {
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
interface Arrived {
  readonly file: FileHandle
  size: number
  hash: Hash
}

function openPartial(path: string): Promise<FileHandle> {
  return onDisk(path, async () => {
    await mkdir(dirname(path), { recursive: true })
    if ((await fileSize(path)) === undefined) await rm(path, { force: true, recursive: true })
    return open(path, 'a')
  })
}

async function resume(
  file: FileHandle,
  path: string,
  { bytes, digest, signal, onBytes }: BlobRequest,
): Promise<Arrived> {
  const arrived: Arrived = { file, size: (await file.stat()).size, hash: startHash(digest.kind, bytes) }
  if (arrived.size > bytes) await startOver(arrived, { bytes, digest, onBytes: () => {} })
  await feedFile(arrived.hash, path, { signal })
  onBytes(arrived.size)
  return arrived
}

async function startOver(
  arrived: Arrived,
  { bytes, digest, onBytes }: Pick<BlobRequest, 'bytes' | 'digest' | 'onBytes'>,
): Promise<void> {
  onBytes(-arrived.size)
  await arrived.file.truncate(0)
  arrived.size = 0
  arrived.hash = startHash(digest.kind, bytes)
}

/** Appends what comes until the end or a cut; gives the reason for a cut. */
async function fetchRange(arrived: Arrived, request: BlobRequest): Promise<string | undefined> {
  const { url, fetch, signal, silenceMs = 30_000 } = request
  const silence = new AbortController()
  const timer = setTimeout(() => silence.abort(new Error(`nothing came for ${silenceMs / 1000} s`)), silenceMs)
  try {
    const response = await fetch(url, {
      // A packed answer would count other bytes than the range asks for.
      headers: { range: `bytes=${arrived.size}-`, 'accept-encoding': 'identity' },
      signal: AbortSignal.any([signal, silence.signal]),
    }).catch(networkProblem)
    if (typeof response === 'string') return response
    await checkAnswer(response, request)
    if (beginOf(response) !== arrived.size) await startOver(arrived, request)
    return await appendBody(arrived, response, request, () => timer.refresh())
  } finally {
    clearTimeout(timer)
  }
}

async function appendBody(
  arrived: Arrived,
  { body }: Response,
  { path, bytes, onBytes }: BlobRequest,
  onLife: () => void,
): Promise<string | undefined> {
  try {
    for await (const chunk of body ?? []) {
      onLife()
      const fresh = chunk.subarray(0, bytes - arrived.size)
      await onDisk(path, () => arrived.file.appendFile(fresh))
      arrived.hash.update(fresh)
      arrived.size += fresh.length
      onBytes(fresh.length)
      if (fresh.length < chunk.length) return undefined
    }
    return arrived.size < bytes ? 'the answer ended early' : undefined
  } catch (error) {
    if (error instanceof DsdError) throw error
    return networkProblem(error)
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
