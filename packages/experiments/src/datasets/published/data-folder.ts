import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DsdError } from '@dsd-lab/core'
import { z } from 'zod'
import { writeAtomically } from '../../store/atomic-write.ts'
import { codeOf } from '../../store/storage-error.ts'

/** Where a data set came from, kept beside it. */
const sourceSchema = z.object({
  digest: z.string(),
  /** Whether the digest is that of the published content. */
  published: z.boolean(),
  /** File or address. */
  from: z.string(),
  items: z.number().int().positive(),
})

export type DataSource = z.infer<typeof sourceSchema>

export interface InstalledData {
  readonly source: DataSource
  /** JSON lines, as the digest is taken over them. */
  readonly bytes: Uint8Array
}

/** Where data sets are kept: beside the models, in the folder for downloads. */
export async function dataFolder(): Promise<string> {
  // Loaded when asked for: the tensor library takes a moment that no other command should wait for.
  const { cacheFolder } = await import('@dsd-lab/node-runtime')
  return cacheFolder('data')
}

/** What is installed under a name; undefined when nothing is. */
export async function readInstalled(name: string): Promise<InstalledData | undefined> {
  const { rows, source } = await filesOf(name)
  try {
    const known = sourceSchema.parse(JSON.parse(await readFile(source, 'utf8')))
    return { source: known, bytes: await readFile(rows) }
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return undefined
    throw new DsdError('what was kept of it cannot be read', {
      kind: 'environment',
      where: source,
      fix: `exp data rm ${name}, then add or pull it again`,
      cause,
    })
  }
}

/** The rows before what vouches for them, so that a kill in between leaves nothing that looks whole. */
export async function writeInstalled(
  name: string,
  { lines, source }: { lines: string; source: DataSource },
): Promise<void> {
  const files = await filesOf(name)
  await rm(files.source, { force: true })
  await writeAtomically(files.rows, lines)
  await writeAtomically(files.source, `${JSON.stringify(source, null, 2)}\n`)
}

/** False when nothing was installed. */
export async function removeInstalled(name: string): Promise<boolean> {
  const { folder, source } = await filesOf(name)
  const isThere = await readFile(source).then(
    () => true,
    () => false,
  )
  await rm(folder, { recursive: true, force: true })
  return isThere
}

interface DataFiles {
  readonly folder: string
  readonly rows: string
  readonly source: string
}

async function filesOf(name: string): Promise<DataFiles> {
  const folder = join(await dataFolder(), name)
  return { folder, rows: join(folder, 'rows.jsonl'), source: join(folder, 'source.json') }
}
