import { DsdError } from '@dsd-lab/core'
import { z } from 'zod'
import type { HubFile, HubListing } from './list-repository.ts'

const SINGLE = 'model.safetensors'
const INDEX = 'model.safetensors.index.json'
const SETTINGS = /^(?:config\.json|generation_config\.json|tokenizer[^/]*\.json|chat_template\.jinja)$/

const indexSchema = z.object({ weight_map: z.record(z.string(), z.string()) })

/** What to fetch of a repository: one GGUF file, or the settings and weights of a model folder. */
export type FileChoice =
  | { readonly kind: 'gguf'; readonly file: HubFile }
  | {
      readonly kind: 'folder'
      readonly settings: readonly HubFile[]
      /** One file, or those that an index names. */
      readonly weights: { readonly file: HubFile } | { readonly index: HubFile }
    }

/**
 * Picks the files that a model needs, and no others.
 *
 * @throws DsdError when the named file is not there, or the repository holds no weights that can be read, or several GGUF files
 */
export function chooseFiles(ref: string, file: string | undefined, { files }: HubListing): FileChoice {
  const find = (path: string): HubFile | undefined => files.find((one) => one.path === path)
  const ggufs = files.filter(({ path }) => path.endsWith('.gguf'))
  if (file !== undefined) {
    const found = find(file)
    if (found === undefined) throw mistake(ref, `the repository has no ${file}`, chooseOne(ref, ggufs))
    return { kind: 'gguf', file: found }
  }
  const [single, index] = [find(SINGLE), find(INDEX)]
  const settings = files.filter(({ path }) => SETTINGS.test(path))
  if (single !== undefined) return { kind: 'folder', settings, weights: { file: single } }
  if (index !== undefined) return { kind: 'folder', settings, weights: { index } }
  const [only, ...more] = ggufs
  if (only === undefined) {
    throw mistake(ref, 'the repository holds no safetensors and no GGUF weights', 'choose a model that has them')
  }
  if (more.length > 0) throw mistake(ref, `the repository holds ${ggufs.length} GGUF files`, chooseOne(ref, ggufs))
  return { kind: 'gguf', file: only }
}

/**
 * The weight files that an index names, in name order.
 *
 * @throws DsdError when the index is malformed or names a file that is not there
 */
export function indexedFiles(ref: string, index: string, { files }: HubListing): HubFile[] {
  const names = namesIn(ref, index)
  return names.map((name) => {
    const found = files.find(({ path }) => path === name)
    if (found === undefined) throw mistake(ref, `${INDEX} names ${name}, which is not there`, 'tell its publisher')
    return found
  })
}

function namesIn(ref: string, index: string): string[] {
  try {
    return [...new Set(Object.values(indexSchema.parse(JSON.parse(index)).weight_map))].sort()
  } catch {
    throw mistake(ref, `${INDEX} has no valid weight_map`, 'tell its publisher')
  }
}

function chooseOne(ref: string, ggufs: readonly HubFile[]): string {
  const [first] = ggufs
  if (first === undefined) return 'see its page for what it holds'
  const base = ref.replace(/(hf:[^/]+\/[^/]+)\/.*/, '$1')
  const listed = ggufs.slice(0, 8).map(({ path }) => path)
  return `name one as ${base}/${first.path}: ${listed.join(', ')}${ggufs.length > 8 ? ', ...' : ''}`
}

const mistake = (where: string, what: string, fix: string): DsdError =>
  new DsdError(what, { kind: 'bad-input', where, fix })
