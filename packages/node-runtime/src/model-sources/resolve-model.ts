import { resolve } from 'node:path'
import { DsdError } from '@dsd-lab/core'
import { CATALOGUE, type CatalogueEntry } from './catalogue.ts'
import { catalogueFolder } from './catalogue-cache.ts'
import { fileSize, pathExists } from './disk.ts'
import { findEntryInHubCache, findInHubCache } from './hub/find-in-hub-cache.ts'
import { parseReference, unknownModel } from './model-reference.ts'

/** Where a model lies on this machine. */
export interface ResolvedModel {
  /** As the user wrote it. */
  readonly ref: string
  /** A model folder, or a GGUF file. */
  readonly path: string
  readonly source: 'hub' | 'catalogue' | 'local'
  /** As the catalogue states it. */
  readonly licence?: string
}

export interface ResolveOptions {
  /** Default: `process.env` */
  readonly env?: NodeJS.ProcessEnv
  /** Default: the models that the lab knows. */
  readonly catalogue?: readonly CatalogueEntry[]
}

const OTHER_NAMES = [
  'bundled:lab-target',
  'bundled:lab-draft',
  'hf:owner/name',
  'the path of a model folder or of a GGUF file',
] as const

/**
 * Finds the folder or file of `hf:owner/name[@revision][/file.gguf]`, of a name of the catalogue, or of a path. Downloads nothing.
 *
 * @throws DsdError when it is not on this machine, with the command that brings it
 */
export async function resolveModel(
  ref: string,
  { env = process.env, catalogue = CATALOGUE }: ResolveOptions = {},
): Promise<ResolvedModel> {
  const reference = parseReference(ref, catalogue)
  switch (reference.kind) {
    case 'hub':
      return { ref, path: (await findInHubCache(reference, env)) ?? notPulled(ref), source: 'hub' }
    case 'catalogue': {
      const path = (await findEntry(reference.entry, env)) ?? notPulled(ref)
      return { ref, path, source: 'catalogue', licence: reference.entry.licence }
    }
    case 'local': {
      const path = resolve(ref)
      // A bare name that is nothing here was meant for the catalogue.
      if (!/[\\/]/.test(ref) && !(await pathExists(path)))
        throw unknownModel(ref, { catalogue, elsewhere: OTHER_NAMES })
      return { ref, path, source: 'local' }
    }
  }
}

/** Where a model of the catalogue lies, in our cache or in the hub's; undefined when it has not been pulled. */
export async function findEntry(entry: CatalogueEntry, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const { file } = catalogueFolder(entry, env)
  return (await fileSize(file)) === entry.bytes ? file : findEntryInHubCache(entry, env)
}

function notPulled(ref: string): never {
  throw new DsdError('is not on this machine yet', { kind: 'bad-input', where: ref, fix: `exp models pull ${ref}` })
}
