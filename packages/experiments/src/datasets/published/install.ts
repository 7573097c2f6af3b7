import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { DsdError } from '@dsd-lab/core'
import { type DataSource, writeInstalled } from './data-folder.ts'
import type { PublishedDataset, PublishedRow } from './dataset.ts'
import { readRows } from './read-rows.ts'

export interface InstallRequest {
  readonly dataset: PublishedDataset
  readonly bytes: Uint8Array
  /** File or address. */
  readonly from: string
  /** Accept content that differs from what was published; runs then carry its digest. */
  readonly unpinned: boolean
}

/** SHA-256 over the rows as JSON lines, hexadecimal. */
export function digestOfRows(rows: readonly PublishedRow[]): string {
  const hash = createHash('sha256')
  for (const { line } of rows) hash.update(`${line}\n`)
  return hash.digest('hex')
}

/**
 * Puts a data set where tasks find it.
 *
 * @throws DsdError `bad-input` when the content is not the published one and `unpinned` is not set.
 */
export async function installData({ dataset, bytes, from, unpinned }: InstallRequest): Promise<DataSource> {
  const rows = await readRows(dataset, { bytes, where: from })
  const digest = digestOfRows(rows)
  const isPublished = digest === dataset.digest
  if (!isPublished && !unpinned) {
    throw new DsdError(
      `is not ${dataset.name} as published: ${rows.length} rows with digest ${digest.slice(0, 12)}, not ${dataset.items} with ${dataset.digest.slice(0, 12)}`,
      {
        kind: 'bad-input',
        where: from,
        fix: 'give the published file, or add --unpinned: runs will then carry its digest',
      },
    )
  }
  const source = { digest, published: isPublished, from, items: rows.length }
  await writeInstalled(dataset.name, { lines: rows.map(({ line }) => `${line}\n`).join(''), source })
  return source
}

/** @throws DsdError `bad-input` when the file cannot be read, or as `installData`. */
export async function addData({
  dataset,
  file,
  unpinned,
}: {
  readonly dataset: PublishedDataset
  readonly file: string
  readonly unpinned: boolean
}): Promise<DataSource> {
  const path = resolve(process.env.INIT_CWD ?? process.cwd(), file)
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new DsdError('cannot be read', {
      kind: 'bad-input',
      where: file,
      fix: 'name the file of the data set',
      cause,
    })
  })
  return installData({ dataset, bytes, from: path, unpinned })
}
