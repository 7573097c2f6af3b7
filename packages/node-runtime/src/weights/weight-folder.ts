import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { DsdError } from '@dsd-lab/core'
import { z } from 'zod'
import type { ModelWeights } from './model-weights.ts'
import { SafetensorsFile } from './safetensors-file.ts'
import type { TensorEntry } from './safetensors-header.ts'

const SINGLE_FILE = 'model.safetensors'
const INDEX_FILE = 'model.safetensors.index.json'

/** Files beside the index, nowhere else. */
const indexSchema = z.object({ weight_map: z.record(z.string(), z.string().regex(/^[^/\\]+$/)) })

/** Files of a model without its head leave this away from every name, or have it where the hub's oldest ones do not. */
const BASE_PREFIXES = ['model.', 'transformer.'] as const

/**
 * The files that hold a folder's weights, in name order: `model.safetensors`, or what `model.safetensors.index.json` names.
 *
 * @throws DsdError when the folder has neither
 */
export async function weightFiles(dir: string): Promise<readonly string[]> {
  const single = join(dir, SINGLE_FILE)
  return (await isFile(single)) ? [single] : [...new Set((await readIndex(dir)).values())].sort()
}

/** True iff a folder has safetensors weights, or says that it should. */
export const holdsWeights = async (dir: string): Promise<boolean> =>
  (await isFile(join(dir, SINGLE_FILE))) || (await isFile(join(dir, INDEX_FILE)))

/**
 * Opens the weights of a model folder, in one file or several; only the files and ranges that are asked for are touched.
 *
 * @throws DsdError when the folder has no weights, or they are cut off or malformed
 */
export async function openWeightFolder(dir: string): Promise<ModelWeights> {
  const paths = await weightFiles(dir)
  const [only] = paths
  const single = only === join(dir, SINGLE_FILE) ? await SafetensorsFile.open(only) : undefined
  const owner = single ? new Map([...single.entries.keys()].map((name) => [name, single.path])) : await readIndex(dir)
  const opened: ReadonlyMap<string, SafetensorsFile | { readonly failure: unknown }> = single
    ? new Map([[single.path, single]])
    : new Map(await Promise.all(paths.map(async (path) => [path, await openOrFailure(path)] as const)))

  const find = (name: string): { file: SafetensorsFile; entry: TensorEntry } => {
    for (const spelling of spellings(name)) {
      const holder = opened.get(owner.get(spelling) ?? '')
      const file = holder && sound(holder)
      const entry = file?.entries.get(spelling)
      if (file !== undefined && entry !== undefined) return { file, entry }
    }
    throw mismatch(single?.path ?? join(dir, INDEX_FILE), `tensor ${name} is missing`)
  }

  return {
    has: (name) => spellings(name).some((spelling) => owner.has(spelling)),

    async read(name, shape) {
      const { file, entry } = find(name)
      if (entry.shape.join() !== shape.join()) {
        throw mismatch(file.path, `tensor ${name} has shape [${entry.shape.join(', ')}], not [${shape.join(', ')}]`)
      }
      return file.read(entry.name)
    },

    readRows(name, range) {
      const { file, entry } = find(name)
      return file.readRows(entry.name, range)
    },

    stored(name) {
      const { file, entry } = find(name)
      const { dtype } = file.readable(entry.name)
      return {
        format: 'safetensors',
        dtype,
        path: file.path,
        offset: entry.begin,
        byteLength: entry.byteLength,
        shape: entry.shape,
      }
    },

    async countParameters() {
      const entries = [...opened.values()].flatMap((file) => [...sound(file).entries.values()])
      return entries.reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0)
    },

    async [Symbol.asyncDispose]() {
      const files = [...opened.values()].filter((file) => file instanceof SafetensorsFile)
      await Promise.all(files.map((file) => file[Symbol.asyncDispose]()))
    },
  }
}

/** A shard may have the files of its own layers only, so one that is missing matters when it is read from. */
const openOrFailure = (path: string): Promise<SafetensorsFile | { readonly failure: unknown }> =>
  SafetensorsFile.open(path).catch((failure: unknown) => ({ failure }))

function sound(file: SafetensorsFile | { readonly failure: unknown }): SafetensorsFile {
  if (file instanceof SafetensorsFile) return file
  throw file.failure
}

/** The names under which files may hold a tensor. */
const spellings = (name: string): readonly string[] => [
  name,
  ...BASE_PREFIXES.map((prefix) => (name.startsWith(prefix) ? name.slice(prefix.length) : prefix + name)),
]

/** Tensor name to the path of its file. */
async function readIndex(dir: string): Promise<ReadonlyMap<string, string>> {
  const index = join(dir, INDEX_FILE)
  const text = await readFile(index, 'utf8').catch((cause: unknown) => {
    throw new DsdError(`no ${SINGLE_FILE} and no ${INDEX_FILE} here`, {
      kind: 'bad-input',
      where: dir,
      fix: 'name a folder with safetensors weights',
      cause,
    })
  })
  try {
    const { weight_map } = indexSchema.parse(JSON.parse(text))
    return new Map(Object.entries(weight_map).map(([name, file]) => [name, join(dir, file)]))
  } catch (cause) {
    throw new DsdError('the index has no valid weight_map', { kind: 'bad-input', where: index, cause })
  }
}

const mismatch = (where: string, what: string): DsdError =>
  new DsdError(what, { kind: 'bad-input', where, fix: 'check that config.json belongs to these weights' })

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isFile(),
    () => false,
  )
