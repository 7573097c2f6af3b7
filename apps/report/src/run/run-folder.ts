import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DsdError } from '@dsd-lab/core'
import {
  type DecodingResult,
  decodingResultSchema,
  type LiveResult,
  liveResultSchema,
  type Manifest,
  manifestSchema,
  type Summary,
  summarySchema,
} from '@dsd-lab/experiments/schema'
import type { z } from 'zod'

/** A run folder, checked file by file against the run schema. */
export interface RunRecord {
  readonly folder: string
  readonly manifest: Manifest
  /** Null while the run has not finished. */
  readonly summary: Summary | null
  readonly decodings: readonly DecodingResult[]
  readonly live: readonly LiveResult[]
}

/**
 * Reads what the report needs of a run folder; cells stay on disk, their traces are sampled later.
 *
 * @throws DsdError naming the file and the field that is missing or wrong.
 */
export async function readRunFolder(folder: string): Promise<RunRecord> {
  const manifest = await readChecked(join(folder, 'manifest.json'), manifestSchema)
  const summaryPath = join(folder, 'summary.json')
  if (!existsSync(summaryPath)) return { folder, manifest, summary: null, decodings: [], live: [] }
  const [summary, decodings, live] = await Promise.all([
    readChecked(summaryPath, summarySchema),
    readResults(join(folder, 'decodings'), decodingResultSchema),
    readResults(join(folder, 'live'), liveResultSchema),
  ])
  return { folder, manifest, summary, decodings, live }
}

async function readResults<Schema extends z.ZodType>(folder: string, schema: Schema): Promise<z.infer<Schema>[]> {
  if (!existsSync(folder)) return []
  const ids = (await readdir(folder)).sort()
  const paths = ids.map((id) => join(folder, id, 'result.json')).filter((path) => existsSync(path))
  return Promise.all(paths.map((path) => readChecked(path, schema)))
}

async function readChecked<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.infer<Schema>> {
  const content = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new DsdError('cannot be read', {
      kind: 'bad-input',
      where: path,
      fix: 'name a run folder, as `exp list` prints them',
      cause,
    })
  })
  let value: unknown
  try {
    value = JSON.parse(content)
  } catch (cause) {
    throw new DsdError('is not JSON', {
      kind: 'bad-input',
      where: path,
      fix: 'run the experiment again to write it anew',
      cause,
    })
  }
  const checked = schema.safeParse(value)
  if (checked.success) return checked.data
  const [issue] = checked.error.issues
  throw new DsdError(`${issue?.path.join('.') ?? 'the file'}: ${issue?.message ?? 'does not fit the run schema'}`, {
    kind: 'bad-input',
    where: path,
    fix: 'build the report with the version that wrote the run, or run the experiment again',
  })
}
