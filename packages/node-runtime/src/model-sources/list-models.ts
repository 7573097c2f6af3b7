import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { CATALOGUE, type CatalogueEntry } from './catalogue.ts'
import { catalogueFolder } from './catalogue-cache.ts'
import { fileSize } from './disk.ts'
import { cachedCommit, cachedRepository, cachedSnapshots, snapshotContent } from './hub/hub-cache.ts'
import { hubCacheFolder } from './hub/hub-settings.ts'
import { findEntry, type ResolveOptions } from './resolve-model.ts'

/** A model that can be opened here, or could be once it is pulled. */
export interface ListedModel {
  readonly ref: string
  readonly source: 'catalogue' | 'hub'
  /** Where it lies; undefined when it has not been pulled. */
  readonly path?: string
  /** Of its files; for a model folder, of everything in it. */
  readonly bytes: number
  /** What an interrupted pull has so far. */
  readonly partialBytes: number
  readonly licence?: string
}

/** The catalogue, pulled or not, then what any program has put into the hub's cache. */
export async function listModels({
  env = process.env,
  catalogue = CATALOGUE,
}: ResolveOptions = {}): Promise<ListedModel[]> {
  const entries = await Promise.all(catalogue.map((entry) => listEntry(entry, env)))
  const known = new Set(entries.map(({ path }) => path))
  return [...entries, ...(await listHubCache(env)).filter(({ path }) => !known.has(path))]
}

async function listEntry(entry: CatalogueEntry, env: NodeJS.ProcessEnv): Promise<ListedModel> {
  const { id, bytes, licence, sha256, hub } = entry
  const path = await findEntry(entry, env)
  const incomplete = `${cachedRepository(hub.repository, env).blob(sha256)}.incomplete`
  const partialBytes = (await folderBytes(catalogueFolder(entry, env).partial)) + ((await fileSize(incomplete)) ?? 0)
  return { ref: id, source: 'catalogue', bytes, licence, partialBytes, ...(path === undefined ? {} : { path }) }
}

async function listHubCache(env: NodeJS.ProcessEnv): Promise<ListedModel[]> {
  const folders = await readdir(hubCacheFolder(env)).catch(() => [])
  const repositories = folders
    .map((folder) => /^models--(.+?)--(.+)$/.exec(folder))
    .flatMap((found) => (found === null ? [] : [`${found[1]}/${found[2]}`]))
    .sort()
  return (await Promise.all(repositories.map((repository) => listRepository(repository, env)))).flat()
}

async function listRepository(repository: string, env: NodeJS.ProcessEnv): Promise<ListedModel[]> {
  const cached = cachedRepository(repository, env)
  const main = await cachedCommit(cached, 'main')
  const models: ListedModel[] = []
  for (const commit of await cachedSnapshots(cached)) {
    const snapshot = cached.snapshot(commit)
    const base = `hf:${repository}${commit === main ? '' : `@${commit}`}`
    const { isModelFolder, ggufs } = await snapshotContent(snapshot)
    if (isModelFolder) models.push(await found(base, snapshot))
    for (const file of ggufs) models.push(await found(`${base}/${file}`, join(snapshot, file)))
  }
  return models
}

async function found(ref: string, path: string): Promise<ListedModel> {
  return { ref, source: 'hub', path, bytes: await folderBytes(path), partialBytes: 0 }
}

/** Size of a file or of everything below a folder, following links to files. */
export async function folderBytes(path: string): Promise<number> {
  const there = await stat(path).catch(() => undefined)
  if (there === undefined) return 0
  if (!there.isDirectory()) return there.size
  const names = await readdir(path)
  const sizes = await Promise.all(names.map((name) => folderBytes(join(path, name))))
  return sizes.reduce((sum, size) => sum + size, 0)
}
