import { rm } from 'node:fs/promises'
import { DsdError } from '@dsd-lab/core'
import { CATALOGUE } from './catalogue.ts'
import { catalogueFolder } from './catalogue-cache.ts'
import { onDisk } from './disk.ts'
import { findEntryInHubCache } from './hub/find-in-hub-cache.ts'
import { cachedRepository } from './hub/hub-cache.ts'
import { folderBytes } from './list-models.ts'
import { parseReference, unknownModel } from './model-reference.ts'
import { lockPull } from './pull-lock.ts'
import type { ResolveOptions } from './resolve-model.ts'

/**
 * Removes a model of the catalogue, or what an interrupted pull of it left, from the lab's own cache. The hub's cache is shared with
 * other programs and is left alone.
 *
 * @returns how many bytes are free now
 * @throws DsdError when there is nothing to remove, or it lies in the hub's cache: with the way to remove it there
 */
export async function removeModel(
  ref: string,
  { env = process.env, catalogue = CATALOGUE }: ResolveOptions = {},
): Promise<number> {
  const reference = parseReference(ref, catalogue)
  if (reference.kind === 'local') throw unknownModel(ref, catalogue)
  if (reference.kind === 'hub') throw inHubCache(ref, reference.repository, env)
  const { entry } = reference
  const { folder } = catalogueFolder(entry, env)
  const bytes = await folderBytes(folder)
  if (bytes > 0) {
    await using _lock = await lockPull(entry.id, env)
    await onDisk(folder, () => rm(folder, { recursive: true, force: true }))
    return bytes
  }
  if ((await findEntryInHubCache(entry, env)) !== undefined) throw inHubCache(ref, entry.hub.repository, env)
  throw new DsdError('is not on this machine', { kind: 'bad-input', where: ref, fix: 'exp models list' })
}

function inHubCache(ref: string, repository: string, env: NodeJS.ProcessEnv): DsdError {
  return new DsdError('is kept in the cache that all programs of Hugging Face share', {
    kind: 'bad-input',
    where: ref,
    fix: `remove it with "hf cache rm model/${repository}", or delete ${cachedRepository(repository, env).folder}`,
  })
}
