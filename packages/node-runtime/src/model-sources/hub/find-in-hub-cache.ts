import { join } from 'node:path'
import { DsdError } from '@dsd-lab/core'
import type { CatalogueEntry } from '../catalogue.ts'
import { fileSize } from '../disk.ts'
import type { HubReference } from '../model-reference.ts'
import { cachedCommit, cachedRepository, cachedSnapshots, snapshotContent } from './hub-cache.ts'

/**
 * The folder or GGUF file of a reference in the hub's cache, whichever program put it there; undefined when it is not all here.
 *
 * @throws DsdError when the reference means several GGUF files
 */
export async function findInHubCache(
  { ref, repository, revision, file }: HubReference,
  env: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  const cached = cachedRepository(repository, env)
  const commit = await cachedCommit(cached, revision)
  if (commit === undefined) return undefined
  const snapshot = cached.snapshot(commit)
  if (file !== undefined) {
    const path = join(snapshot, file)
    return (await fileSize(path)) === undefined ? undefined : path
  }
  const { isModelFolder, ggufs } = await snapshotContent(snapshot)
  if (isModelFolder) return snapshot
  const [only, ...more] = ggufs
  if (more.length > 0) {
    throw new DsdError(`holds ${ggufs.length} GGUF files`, {
      kind: 'bad-input',
      where: ref,
      fix: `name one as ${ref}/${only}`,
    })
  }
  return only === undefined ? undefined : join(snapshot, only)
}

/** The file of a model of the catalogue in the hub's cache, under whichever commit it was fetched. */
export async function findEntryInHubCache(
  { file, bytes, hub }: CatalogueEntry,
  env: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  const cached = cachedRepository(hub.repository, env)
  for (const commit of await cachedSnapshots(cached)) {
    const path = join(cached.snapshot(commit), file)
    if ((await fileSize(path)) === bytes) return path
  }
  return undefined
}
