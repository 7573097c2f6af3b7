import { join } from 'node:path'
import { cacheFolder } from '../cache-folder.ts'
import type { CatalogueEntry } from './catalogue.ts'

/** Where a model of the catalogue lies that did not come from the hub. */
export interface CatalogueFolder {
  readonly folder: string
  readonly file: string
  /** What an unfinished pull has so far. */
  readonly partial: string
}

export function catalogueFolder(entry: CatalogueEntry, env: NodeJS.ProcessEnv): CatalogueFolder {
  const folder = join(cacheFolder('models', env), entry.id)
  return { folder, file: join(folder, entry.file), partial: join(folder, 'partial') }
}
