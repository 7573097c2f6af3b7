import { DsdError } from '@dsd-lab/core'
import type { TaskItem } from '../task-item.ts'
import { readInstalled } from './data-folder.ts'
import type { PublishedDataset } from './dataset.ts'
import { digestOfRows } from './install.ts'
import { readRows } from './read-rows.ts'

export interface PublishedItems {
  readonly items: readonly TaskItem[]
  /** Digest of the whole data set, and whether it is the one that was published. */
  readonly data: { readonly digest: string; readonly published: boolean }
}

/**
 * Items of a data set that was added or pulled, from the first one on.
 *
 * @param limit default and most: all
 * @throws DsdError `environment` saying how to get it when it is not there, or was changed since.
 */
export async function loadPublished(dataset: PublishedDataset, limit?: number): Promise<PublishedItems> {
  const { name } = dataset
  const installed = await readInstalled(name)
  if (installed === undefined) {
    throw new DsdError(`${name} is not on this machine`, {
      kind: 'environment',
      fix: `exp data pull ${name} fetches it from the hub, exp data add ${name} <file> takes a file`,
    })
  }
  const { source, bytes } = installed
  const rows = await readRows(dataset, { bytes, where: name })
  const digest = digestOfRows(rows)
  if (digest !== source.digest) {
    throw new DsdError(`${name} was changed since it was added`, {
      kind: 'environment',
      fix: `exp data rm ${name}, then add or pull it again`,
    })
  }
  return { items: rows.slice(0, limit).map(({ item }) => item), data: { digest, published: digest === dataset.digest } }
}
