import { readFile, realpath, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DsdError } from '@dsd-lab/core'
import { feedFile, startHash } from '../content-digest.ts'
import { fileSize, requireSpace } from '../disk.ts'
import type { HubReference } from '../model-reference.ts'
import { lockPull } from '../pull-lock.ts'
import type { PullContext, PulledModel } from '../pull-options.ts'
import { chooseFiles, indexedFiles } from './choose-files.ts'
import { fetchBlob } from './fetch-blob.ts'
import { type CachedRepository, cachedRepository, linkBlob, writeRevision } from './hub-cache.ts'
import { hubFetch } from './hub-fetch.ts'
import { type HubConnection, hubConnection } from './hub-settings.ts'
import { type HubFile, type HubListing, listRepository } from './list-repository.ts'

export interface HubPull {
  readonly reference: HubReference
  /** What the named file must be, whatever the hub says. SHA-256, hexadecimal */
  readonly pinned?: { readonly sha256: string }
}

/**
 * Fetches what a model needs into the hub's cache, in its layout. Files that are here and whole are left alone; damaged ones are
 * fetched again.
 */
export async function pullFromHub({ reference, pinned }: HubPull, context: PullContext): Promise<PulledModel> {
  const { ref, repository, revision } = reference
  const connection = hubConnection(context.env)
  const fetch = hubFetch(connection, context.signal)
  const listing = await listRepository(reference, connection, fetch)
  const choice = chooseFiles(ref, reference.file, listing)
  await using _lock = await lockPull(`hub--${repository.replace('/', '--')}`, context.env)
  const cached = cachedRepository(repository, context.env)
  const session: Session = { reference, context, connection, fetch, listing, cached, fetchedBytes: 0 }
  const done: HubFile[] = []
  const take = async (files: readonly HubFile[]): Promise<void> => {
    await takeFiles(files, session)
    done.push(...files)
  }

  if (choice.kind === 'gguf') {
    requirePinned(ref, choice.file, pinned)
    await take([choice.file])
  } else {
    await take(choice.settings)
    if ('file' in choice.weights) await take([choice.weights.file])
    else {
      await take([choice.weights.index])
      const index = await readFile(pointerOf(choice.weights.index, session), 'utf8')
      await take(indexedFiles(ref, index, listing))
    }
  }
  if (revision !== listing.commit) await writeRevision(cached, revision, listing.commit)
  const snapshot = cached.snapshot(listing.commit)
  return {
    ref,
    path: choice.kind === 'gguf' ? join(snapshot, choice.file.path) : snapshot,
    bytes: done.reduce((sum, file) => sum + file.bytes, 0),
    fetchedBytes: session.fetchedBytes,
  }
}

interface Session {
  readonly reference: HubReference
  readonly context: PullContext
  readonly connection: HubConnection
  readonly fetch: typeof globalThis.fetch
  readonly listing: HubListing
  readonly cached: CachedRepository
  fetchedBytes: number
}

function requirePinned(ref: string, { digest }: HubFile, pinned: HubPull['pinned']): void {
  if (pinned === undefined || pinned.sha256 === digest.hex) return
  throw new DsdError(`the hub offers a file with ${digest.kind} ${digest.hex}, not ${pinned.sha256}`, {
    kind: 'environment',
    where: ref,
    fix: 'check HF_ENDPOINT',
  })
}

const pointerOf = ({ path }: HubFile, { cached, listing }: Session): string =>
  join(cached.snapshot(listing.commit), path)

/** Checks what is here, then fetches what is not. */
async function takeFiles(files: readonly HubFile[], session: Session): Promise<void> {
  const { context } = session
  const missing: HubFile[] = []
  let doneBytes = 0
  const totalBytes = files.reduce((sum, { bytes }) => sum + bytes, 0)
  for (const file of files) {
    const report = (bytes: number): void => {
      doneBytes += bytes
      context.onProgress({ stage: 'checking', what: file.path, doneBytes, totalBytes })
    }
    const held = await heldCopy(file, session, report)
    if (held === undefined) missing.push(file)
    else await linkBlob(held, pointerOf(file, session))
  }
  await fetchMissing(missing, session)
}

/** A whole copy in the cache; a damaged one is removed. */
async function heldCopy(
  file: HubFile,
  session: Session,
  onBytes: (bytes: number) => void,
): Promise<string | undefined> {
  const { cached, context } = session
  const { digest, bytes } = file
  for (const place of [pointerOf(file, session), cached.blob(digest.hex)]) {
    const size = await fileSize(place)
    if (size === undefined) continue
    const path = await realpath(place)
    const hash = startHash(digest.kind, bytes)
    if (size === bytes) await feedFile(hash, path, { signal: context.signal, onBytes })
    if (size === bytes && hash.digest('hex') === digest.hex) return path
    context.onNotice(`${file.path}: the copy in the cache does not match its ${digest.kind} and is fetched again`)
    await rm(path, { force: true })
  }
  return undefined
}

async function fetchMissing(files: readonly HubFile[], session: Session): Promise<void> {
  const { context, cached, reference, listing, connection, fetch } = session
  const totalBytes = files.reduce((sum, { bytes }) => sum + bytes, 0)
  await requireSpace(cached.folder, totalBytes - (await partialBytes(files, cached)))
  let doneBytes = 0
  for (const file of files) {
    const address = [reference.repository, 'resolve', listing.commit, file.path].join('/')
    const blob = cached.blob(file.digest.hex)
    session.fetchedBytes += await fetchBlob({
      url: `${connection.endpoint}/${address.split('/').map(encodeURIComponent).join('/')}`,
      where: `${reference.ref} ${file.path}`,
      path: blob,
      bytes: file.bytes,
      digest: file.digest,
      fetch,
      signal: context.signal,
      onBytes(bytes) {
        doneBytes += bytes
        context.onProgress({ stage: 'downloading', what: file.path, doneBytes, totalBytes })
      },
    })
    await linkBlob(blob, pointerOf(file, session))
  }
}

async function partialBytes(files: readonly HubFile[], cached: CachedRepository): Promise<number> {
  const sizes = await Promise.all(files.map(({ digest }) => fileSize(`${cached.blob(digest.hex)}.incomplete`)))
  return sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0)
}
