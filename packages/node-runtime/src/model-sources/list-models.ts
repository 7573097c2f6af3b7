import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type Conversion, conversionsOf, listConversions } from '../engines/onnx/weights/conversions.ts'
import { CATALOGUE, type CatalogueEntry } from './catalogue.ts'
import { catalogueFolder } from './catalogue-cache.ts'
import { fileSize } from './disk.ts'
import { cachedCommit, cachedRepository, cachedSnapshots, snapshotContent } from './hub/hub-cache.ts'
import { hubCacheFolder } from './hub/hub-settings.ts'
import { findEntry, type ResolveOptions } from './resolve-model.ts'

/** A model that can be opened here, or could be once it is pulled. */
export interface ListedModel {
  readonly ref: string
  /** `elsewhere`: known by its converted weights alone. */
  readonly source: 'catalogue' | 'hub' | 'elsewhere'
  /** Where it lies; undefined when it is not here. */
  readonly path?: string
  /** Of its files; for a model folder, of everything in it. */
  readonly bytes: number
  /** What an interrupted pull has so far. */
  readonly partialBytes: number
  /** Of what engine `onnx` made of its weights. */
  readonly convertedBytes: number
  readonly licence?: string
}

type FoundModel = Omit<ListedModel, 'convertedBytes'>

/** The catalogue, pulled or not, what any program has put into the hub's cache, and what else has converted weights here. */
export async function listModels({
  env = process.env,
  catalogue = CATALOGUE,
}: ResolveOptions = {}): Promise<ListedModel[]> {
  const entries = await Promise.all(catalogue.map((entry) => listEntry(entry, env)))
  const known = new Set(entries.map(({ path }) => path))
  const models = [...entries, ...(await listHubCache(env)).filter(({ path }) => !known.has(path))]
  const conversions = await listConversions(env)
  const counted = new Set<Conversion>()
  const listed = models.map((model) => {
    const place = model.path ?? placeOf(catalogue, model.ref, env)
    const own = place === undefined ? [] : conversionsOf(conversions, place)
    for (const conversion of own) counted.add(conversion)
    return { ...model, convertedBytes: bytesOf(own) }
  })
  return [...listed, ...(await listElsewhere(conversions.filter((conversion) => !counted.has(conversion))))]
}

/** Where a model of the catalogue would lie that is not here. */
function placeOf(catalogue: readonly CatalogueEntry[], ref: string, env: NodeJS.ProcessEnv): string | undefined {
  const entry = catalogue.find(({ id }) => id === ref)
  return entry && catalogueFolder(entry, env).file
}

async function listElsewhere(conversions: readonly Conversion[]): Promise<ListedModel[]> {
  const byFile = new Map<string, Conversion[]>()
  for (const conversion of conversions) {
    const file = conversion.files[0] ?? conversion.folder
    byFile.set(file, [...(byFile.get(file) ?? []), conversion])
  }
  return Promise.all(
    [...byFile].map(async ([file, own]) => {
      const bytes = own.some(({ folder }) => folder === file) ? undefined : await fileSize(file)
      const here = bytes === undefined ? {} : { path: file }
      const sizes = { bytes: bytes ?? 0, partialBytes: 0, convertedBytes: bytesOf(own) }
      return { ref: file, source: 'elsewhere' as const, ...sizes, ...here }
    }),
  )
}

const bytesOf = (conversions: readonly Conversion[]): number => conversions.reduce((sum, { bytes }) => sum + bytes, 0)

async function listEntry(entry: CatalogueEntry, env: NodeJS.ProcessEnv): Promise<FoundModel> {
  const { id, bytes, licence, sha256, hub } = entry
  const path = await findEntry(entry, env)
  const incomplete = `${cachedRepository(hub.repository, env).blob(sha256)}.incomplete`
  const partialBytes = (await folderBytes(catalogueFolder(entry, env).partial)) + ((await fileSize(incomplete)) ?? 0)
  return { ref: id, source: 'catalogue', bytes, licence, partialBytes, ...(path === undefined ? {} : { path }) }
}

async function listHubCache(env: NodeJS.ProcessEnv): Promise<FoundModel[]> {
  const folders = await readdir(hubCacheFolder(env)).catch(() => [])
  const repositories = folders
    .map((folder) => /^models--(.+?)--(.+)$/.exec(folder))
    .flatMap((found) => (found === null ? [] : [`${found[1]}/${found[2]}`]))
    .sort()
  return (await Promise.all(repositories.map((repository) => listRepository(repository, env)))).flat()
}

async function listRepository(repository: string, env: NodeJS.ProcessEnv): Promise<FoundModel[]> {
  const cached = cachedRepository(repository, env)
  const main = await cachedCommit(cached, 'main')
  const models: FoundModel[] = []
  for (const commit of await cachedSnapshots(cached)) {
    const snapshot = cached.snapshot(commit)
    const base = `hf:${repository}${commit === main ? '' : `@${commit}`}`
    const { isModelFolder, ggufs } = await snapshotContent(snapshot)
    if (isModelFolder) models.push(await found(base, snapshot))
    for (const file of ggufs) models.push(await found(`${base}/${file}`, join(snapshot, file)))
  }
  return models
}

async function found(ref: string, path: string): Promise<FoundModel> {
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
