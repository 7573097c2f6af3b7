import { rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import { DsdError } from '@dsd-lab/core'
import { conversionsOf, listConversions, removeConversions } from '../engines/onnx/weights/conversions.ts'
import { CATALOGUE, type CatalogueEntry } from './catalogue.ts'
import { catalogueFolder } from './catalogue-cache.ts'
import { onDisk } from './disk.ts'
import { findEntryInHubCache, findInHubCache } from './hub/find-in-hub-cache.ts'
import { cachedRepository } from './hub/hub-cache.ts'
import { folderBytes } from './list-models.ts'
import { parseReference, unknownModel } from './model-reference.ts'
import { lockPull } from './pull-lock.ts'
import type { ResolveOptions } from './resolve-model.ts'

export interface RemovedModel {
  /** Of its files, or of what an interrupted pull left; 0 for a model that stays. */
  readonly modelBytes: number
  /** Of what engine `onnx` had made of its weights. */
  readonly convertedBytes: number
}

/**
 * Removes converted weights of a model, and a model of the catalogue, or what an interrupted pull of it left, from the lab's own cache.
 * The hub's cache is shared with other programs and is left alone, and so are the user's own files.
 *
 * @throws DsdError when there is nothing to remove; for what lies in the hub's cache with the way to remove it there
 */
export async function removeModel(
  ref: string,
  { env = process.env, catalogue = CATALOGUE }: ResolveOptions = {},
): Promise<RemovedModel> {
  const reference = parseReference(ref, catalogue)
  if (reference.kind === 'catalogue') return removeEntry(reference.entry, env)
  const path = reference.kind === 'hub' ? await findInHubCache(reference, env) : resolve(ref)
  const convertedBytes = path === undefined ? 0 : await removeConversionsOf([path], env)
  if (convertedBytes > 0) return { modelBytes: 0, convertedBytes }
  throw reference.kind === 'hub' ? inHubCache(ref, reference.repository, env) : unknownModel(ref, { catalogue })
}

async function removeEntry(entry: CatalogueEntry, env: NodeJS.ProcessEnv): Promise<RemovedModel> {
  const { folder, file } = catalogueFolder(entry, env)
  const inHub = await findEntryInHubCache(entry, env)
  const modelBytes = await folderBytes(folder)
  if (modelBytes > 0) {
    await using _lock = await lockPull(entry.id, env)
    await onDisk(folder, () => rm(folder, { recursive: true, force: true }))
  }
  const convertedBytes = await removeConversionsOf(inHub === undefined ? [file] : [file, inHub], env)
  if (modelBytes + convertedBytes > 0) return { modelBytes, convertedBytes }
  if (inHub !== undefined) throw inHubCache(entry.id, entry.hub.repository, env)
  throw new DsdError('is not on this machine', { kind: 'bad-input', where: entry.id, fix: 'exp models list' })
}

async function removeConversionsOf(paths: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const all = await listConversions(env)
  const own = new Set(
    paths.flatMap((path) => [...conversionsOf(all, path), ...all.filter(({ folder }) => folder === path)]),
  )
  return removeConversions([...own])
}

function inHubCache(ref: string, repository: string, env: NodeJS.ProcessEnv): DsdError {
  return new DsdError('is kept in the cache that all programs of Hugging Face share', {
    kind: 'bad-input',
    where: ref,
    fix: `remove it with "hf cache rm model/${repository}", or delete ${cachedRepository(repository, env).folder}`,
  })
}
