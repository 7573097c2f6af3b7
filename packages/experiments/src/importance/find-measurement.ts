import { readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { DsdError } from '@dsd-lab/core'
import { chosenByName } from '../store/chosen-by-name.ts'
import type { Evaluation } from './evaluation/evaluation-schema.ts'
import { ImportanceFolder } from './importance-folder.ts'
import type { ImportanceManifest } from './schema.ts'

export interface FoundMeasurement {
  readonly folder: ImportanceFolder
  readonly manifest: ImportanceManifest
  readonly evaluation: Evaluation
}

/**
 * A finished measurement of importance by path, by id, or by the beginning of its id; undefined when none is called so.
 *
 * @throws DsdError `bad-input` when several begin so, or it is not finished.
 */
export async function findMeasurement(runs: string, name: string): Promise<FoundMeasurement | undefined> {
  const direct = await opened(resolve(name))
  if (direct !== undefined) return direct
  const found = chosenByName({ name, among: await namesIn(runs), idOf: (id) => id, where: runs, what: 'measurements' })
  return found === undefined ? undefined : opened(join(runs, found))
}

/** All that are finished, newest first. */
export async function finishedMeasurements(runs: string): Promise<FoundMeasurement[]> {
  const all = await Promise.all((await namesIn(runs)).map((name) => read(join(runs, name))))
  return all
    .flatMap(({ folder, manifest, evaluation }) =>
      manifest === undefined || evaluation === undefined ? [] : [{ folder, manifest, evaluation }],
    )
    .sort((a, b) => Date.parse(b.manifest.createdAt) - Date.parse(a.manifest.createdAt))
}

async function namesIn(runs: string): Promise<string[]> {
  return (await readdir(runs).catch(() => [])).filter((one) => one.startsWith('importance-'))
}

async function opened(path: string): Promise<FoundMeasurement | undefined> {
  const { folder, manifest, evaluation } = await read(path)
  if (manifest === undefined) return undefined
  if (evaluation !== undefined) return { folder, manifest, evaluation }
  throw new DsdError('the measurement is not finished', {
    kind: 'bad-input',
    where: path,
    fix: 'finish it with the same exp importance command',
  })
}

async function read(path: string): Promise<Pick<FoundMeasurement, 'folder'> & Partial<FoundMeasurement>> {
  const folder = new ImportanceFolder(path)
  const [manifest, evaluation] = [await folder.readManifest(), await folder.readEvaluation()]
  return { folder, ...(manifest && { manifest }), ...(evaluation && { evaluation }) }
}
