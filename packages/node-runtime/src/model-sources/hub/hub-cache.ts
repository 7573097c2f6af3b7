import { copyFile, mkdir, readdir, readFile, realpath, rename, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { fileSize, onDisk } from '../disk.ts'
import { hubCacheFolder } from './hub-settings.ts'

/**
 * One repository in the cache that all programs of Hugging Face share: `blobs/<digest>` holds contents, `refs/<revision>` a commit,
 * `snapshots/<commit>/<path>` links to contents.
 */
export interface CachedRepository {
  readonly folder: string
  blob(hex: string): string
  snapshot(commit: string): string
}

export function cachedRepository(repository: string, env: NodeJS.ProcessEnv): CachedRepository {
  const folder = join(hubCacheFolder(env), `models--${repository.replace('/', '--')}`)
  return {
    folder,
    blob: (hex) => join(folder, 'blobs', hex),
    snapshot: (commit) => join(folder, 'snapshots', commit),
  }
}

/** The commit that a revision stood for when it was last fetched; undefined when it never was. */
export async function cachedCommit({ folder }: CachedRepository, revision: string): Promise<string | undefined> {
  if (/^[0-9a-f]{40}$/.test(revision)) return revision
  const commit = await readFile(join(folder, 'refs', revision), 'utf8').catch(() => undefined)
  return commit?.trim()
}

/** Notes which commit a revision stands for, at once or not at all. */
export function writeRevision({ folder }: CachedRepository, revision: string, commit: string): Promise<void> {
  const path = join(folder, 'refs', revision)
  return onDisk(path, async () => {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(`${path}.${process.pid}.tmp`, commit)
    await rename(`${path}.${process.pid}.tmp`, path)
  })
}

/** Lets a snapshot show a content under its name; a copy where there are no links. */
export function linkBlob(blob: string, pointer: string): Promise<void> {
  return onDisk(pointer, async () => {
    await mkdir(dirname(pointer), { recursive: true })
    if ((await realpath(pointer).catch(() => '')) === (await realpath(blob))) return
    await rm(pointer, { force: true })
    await symlink(relative(await realpath(dirname(pointer)), await realpath(blob)), pointer).catch(() =>
      copyFile(blob, pointer),
    )
  })
}

/** Commits of which anything is here, in the order in which they were last changed, newest first. */
export async function cachedSnapshots({ folder }: CachedRepository): Promise<string[]> {
  const commits = await readdir(join(folder, 'snapshots')).catch(() => [])
  const dated = await Promise.all(
    commits.map(async (commit) => ({ commit, changedMs: (await stat(join(folder, 'snapshots', commit))).mtimeMs })),
  )
  return dated.sort((a, b) => b.changedMs - a.changedMs).map(({ commit }) => commit)
}

const INDEX = 'model.safetensors.index.json'

/** What a snapshot can be opened as. */
export interface SnapshotContent {
  /** A config and all of its safetensors weights are here. */
  readonly isModelFolder: boolean
  /** GGUF files at its top. */
  readonly ggufs: readonly string[]
}

export async function snapshotContent(snapshot: string): Promise<SnapshotContent> {
  const names = await readdir(snapshot).catch(() => [])
  const here = async (name: string): Promise<boolean> => (await fileSize(join(snapshot, name))) !== undefined
  const ggufs: string[] = []
  for (const name of names) if (name.endsWith('.gguf') && (await here(name))) ggufs.push(name)
  const hasWeights = (await here('model.safetensors')) || (await allIndexed(snapshot, here))
  return { isModelFolder: (await here('config.json')) && hasWeights, ggufs: ggufs.sort() }
}

async function allIndexed(snapshot: string, here: (name: string) => Promise<boolean>): Promise<boolean> {
  try {
    const index: unknown = JSON.parse(await readFile(join(snapshot, INDEX), 'utf8'))
    if (typeof index !== 'object' || index === null || !('weight_map' in index)) return false
    const names = Object.values(index.weight_map ?? {}).map(String)
    return names.length > 0 && (await Promise.all([...new Set(names)].map(here))).every(Boolean)
  } catch {
    return false
  }
}
