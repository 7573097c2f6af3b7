import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { bundleCacheFolder } from './notebook-files.ts'

/** A notebook made ready for `file://`: one page, one classic script, one style sheet, no import left. */
export interface NotebookBundle {
  readonly html: string
  readonly script: string
  readonly style: string
}

const cacheEntrySchema = z.object({
  bundle: z.object({ html: z.string(), script: z.string(), style: z.string() }),
  /** Digest of every source that went in. A package's file counts by its path alone, which holds its version. */
  inputs: z.record(z.string(), z.string()),
})
type CacheEntry = z.infer<typeof cacheEntrySchema>

const keptBundles = 16
const digest = (content: string | Buffer): string => createHash('sha256').update(content).digest('hex')
const isPackaged = (file: string): boolean => file.includes('/node_modules/')
const builders = ['./notebook-bundle.ts', './local-imports.ts', './notebook-files.ts', './bundle-cache.ts']
/** Where the bundle of a notebook is kept. */
export const cacheEntryPath = (notebook: string): string =>
  join(bundleCacheFolder, `${digest(notebook).slice(0, 16)}.json`)

async function digestInputs(files: readonly string[]): Promise<Record<string, string>> {
  const entries = await Promise.all(
    files
      .filter((file) => existsSync(file))
      .map(async (file) => [file, isPackaged(file) ? 'packaged' : digest(await readFile(file))] as const),
  )
  return Object.fromEntries(entries)
}

/** The cached bundle when every file that went into it is as it was; undefined where it is not, or the entry is damaged. */
export async function readCachedBundle(notebook: string): Promise<NotebookBundle | undefined> {
  const entry = await readEntry(cacheEntryPath(notebook))
  if (entry === undefined) return undefined
  const files = Object.keys(entry.inputs)
  const now = await digestInputs(files)
  return files.every((file) => now[file] === entry.inputs[file]) ? entry.bundle : undefined
}

async function readEntry(path: string): Promise<CacheEntry | undefined> {
  try {
    return cacheEntrySchema.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch {
    return undefined
  }
}

export interface BundleToCache {
  readonly notebook: string
  readonly bundle: NotebookBundle
  /** Every file the bundle was made from. */
  readonly inputs: readonly string[]
}

/** Keeps the bundle for the next build; where the folder cannot be written the next build pays again, and that is all. */
export async function writeCachedBundle({ notebook, bundle, inputs }: BundleToCache): Promise<void> {
  const sources = builders.map((name) => fileURLToPath(new URL(name, import.meta.url)))
  const entry: CacheEntry = { bundle, inputs: await digestInputs([...inputs, ...sources]) }
  const path = cacheEntryPath(notebook)
  const temporary = `${path}.${process.pid}`
  try {
    await mkdir(bundleCacheFolder, { recursive: true })
    await writeFile(temporary, JSON.stringify(entry))
    await rename(temporary, path)
    await dropOldBundles()
  } catch {
    return
  }
}

/** Notebooks of run folders come and go: the last few bundles are kept. */
async function dropOldBundles(): Promise<void> {
  const entries = await Promise.all(
    (await readdir(bundleCacheFolder)).map(async (name) => {
      const path = join(bundleCacheFolder, name)
      return { path, writtenMs: (await stat(path)).mtimeMs }
    }),
  )
  const old = entries.toSorted((a, b) => b.writtenMs - a.writtenMs).slice(keptBundles)
  await Promise.all(old.map(({ path }) => rm(path, { force: true })))
}
