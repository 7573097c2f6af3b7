import { randomUUID } from 'node:crypto'
import { readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join, sep } from 'node:path'
import { z } from 'zod'
import { cacheFolder } from '../../../cache-folder.ts'
import { isAlive } from '../../../process-lock.ts'

/** Says in a folder of converted weights what they were made from. */
const NOTE = 'source.json'
const noteSchema = z.object({ files: z.array(z.string()) })

/** Weights of one model in one precision, converted for the onnx engine. */
export interface Conversion {
  readonly folder: string
  /** Paths of the weight files that it was made from; none when the folder does not say. */
  readonly files: readonly string[]
  readonly bytes: number
}

/** Every conversion in the cache, finished or not. */
export async function listConversions(env: NodeJS.ProcessEnv = process.env): Promise<Conversion[]> {
  const room = cacheFolder('onnx', env)
  const names = await readdir(room).catch(() => [])
  return Promise.all(names.sort().map((name) => readConversion(join(room, name))))
}

/** Those made from a weight file, or from the files in a model folder. */
export const conversionsOf = (conversions: readonly Conversion[], path: string): Conversion[] =>
  conversions.filter(({ files }) => files.some((file) => file === path || file.startsWith(path + sep)))

/** @returns how many bytes are free now */
export async function removeConversions(conversions: readonly Conversion[]): Promise<number> {
  for (const { folder } of conversions) await rm(folder, { recursive: true, force: true })
  return conversions.reduce((sum, { bytes }) => sum + bytes, 0)
}

export async function noteSource(folder: string, files: readonly string[]): Promise<void> {
  const draft = join(folder, draftName(NOTE))
  await writeFile(draft, JSON.stringify({ files }))
  await rename(draft, join(folder, NOTE))
}

const DRAFT = /\.([0-9A-Za-z_-]*)@(\d+)-[0-9a-f-]{36}\.part$/
const HERE = hostname().replaceAll(/[^0-9A-Za-z_-]/g, '-')

/** Name of a file that is being written; it names the machine and the process. */
export const draftName = (file: string): string => `${file}.${HERE}@${process.pid}-${randomUUID()}.part`

/** Removes what processes of this machine left that were killed while they wrote; those of another that shares the folder may live. */
export async function removeOrphans(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const [, host, writer] = DRAFT.exec(name) ?? []
    if (host === HERE && !isAlive(Number(writer))) await rm(join(folder, name), { force: true })
  }
}

async function readConversion(folder: string): Promise<Conversion> {
  const names = await readdir(folder).catch(() => [])
  const sizes = await Promise.all(
    names.map((name) =>
      stat(join(folder, name)).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  )
  return { folder, files: await readNote(folder), bytes: sizes.reduce((sum, size) => sum + size, 0) }
}

async function readNote(folder: string): Promise<readonly string[]> {
  try {
    return noteSchema.parse(JSON.parse(await readFile(join(folder, NOTE), 'utf8'))).files
  } catch {
    return []
  }
}
