import { readdir, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { DsdError, suggestName } from '@dsd-lab/core'
import { chosenByName } from './chosen-by-name.ts'
import { RunFolder } from './run-folder.ts'
import type { Manifest } from './schema.ts'
import { atPath, codeOf } from './storage-error.ts'

export interface FoundRun {
  readonly folder: RunFolder
  readonly manifest: Manifest
  /** Whether its summary is written. */
  readonly complete: boolean
}

/** Where runs are kept: `--runs`, else `$DSD_RUNS`, else `./runs`. */
export function runsFolder(option?: string): string {
  return resolve(option ?? process.env.DSD_RUNS ?? 'runs')
}

/** Every run in a folder, newest first; none when there is no such folder. */
export async function findRuns(runs: string): Promise<FoundRun[]> {
  const found: FoundRun[] = []
  for (const name of await namesIn(runs)) {
    const folder = new RunFolder(join(runs, name))
    const manifest = await folder.readManifest()
    if (manifest === undefined) continue
    found.push({ folder, manifest, complete: (await folder.readSummary()) !== undefined })
  }
  return found.sort((a, b) => Date.parse(b.manifest.createdAt) - Date.parse(a.manifest.createdAt))
}

/**
 * A run by path, by id, by the beginning of its id, or `latest`.
 *
 * @throws DsdError `bad-input` when there is none, or several begin so.
 */
export async function findRun(runs: string, name: string): Promise<FoundRun> {
  const found = await searchRun(runs, name)
  if (found !== undefined) return found
  const ids = (await findRuns(runs)).map(({ manifest }) => manifest.runId)
  const fix = ids.length === 0 ? 'make one with exp run' : suggestName(name, ids)
  throw new DsdError(`no run is called ${name}`, { kind: 'bad-input', where: runs, fix })
}

/**
 * The same; undefined when no run is called so.
 *
 * @throws DsdError `bad-input` when several begin so.
 */
export async function searchRun(runs: string, name: string): Promise<FoundRun | undefined> {
  const direct = new RunFolder(resolve(name))
  const manifest = await direct.readManifest()
  if (manifest !== undefined) {
    return { folder: direct, manifest, complete: (await direct.readSummary()) !== undefined }
  }
  const all = await findRuns(runs)
  if (name === 'latest') return all[0]
  return chosenByName({ name, among: all, idOf: ({ manifest: { runId } }) => runId, where: runs })
}

/** Of everything that may be a folder. */
async function namesIn(folder: string): Promise<string[]> {
  return atPath(folder, async () => {
    try {
      if (!(await stat(folder)).isDirectory()) throw Object.assign(new Error('not a folder'), { code: 'ENOTDIR' })
      const entries = await readdir(folder, { withFileTypes: true })
      return entries.flatMap((entry) => (entry.isFile() ? [] : [entry.name])).sort()
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return []
      throw error
    }
  })
}
