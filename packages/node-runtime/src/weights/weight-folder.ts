import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { DsdError } from '@dsd-lab/core'
import { z } from 'zod'
import { SafetensorsFile } from './safetensors-file.ts'

const SINGLE_FILE = 'model.safetensors'
const INDEX_FILE = 'model.safetensors.index.json'

const indexSchema = z.object({ weight_map: z.record(z.string(), z.string()) })

/** Weights of a model folder, in one file or several; only the files and ranges that are asked for are touched. */
export interface WeightFolder extends AsyncDisposable {
  has(name: string): boolean
  /**
   * Reads one tensor as float32, row major.
   *
   * @param shape what the model's config asks for
   * @throws DsdError naming file and tensor when it is missing or of another shape
   */
  read(name: string, shape: readonly number[]): Promise<Float32Array>
  /** Number of values in all tensors together. */
  countParameters(): Promise<number>
}

/**
 * The files that hold a folder's weights, in name order: `model.safetensors`, or what `model.safetensors.index.json` names.
 *
 * @throws DsdError when the folder has neither
 */
export async function weightFiles(dir: string): Promise<readonly string[]> {
  const single = join(dir, SINGLE_FILE)
  return (await isFile(single)) ? [single] : [...new Set((await readIndex(dir)).values())].sort()
}

/** @throws DsdError when the folder has no weights, or they are cut off or malformed */
export async function openWeightFolder(dir: string): Promise<WeightFolder> {
  const opened = new Map<string, Promise<SafetensorsFile>>()
  const file = (path: string): Promise<SafetensorsFile> => {
    const holder = opened.get(path) ?? SafetensorsFile.open(path)
    opened.set(path, holder)
    return holder
  }
  const paths = await weightFiles(dir)
  const single = paths.length === 1 && paths[0] === join(dir, SINGLE_FILE) ? await file(paths[0]) : undefined
  const owner = single ? new Map([...single.entries.keys()].map((name) => [name, single.path])) : await readIndex(dir)

  return {
    has: (name) => owner.has(name),

    async read(name, shape) {
      const path = owner.get(name)
      if (path === undefined) throw mismatch(single?.path ?? join(dir, INDEX_FILE), `tensor ${name} is missing`)
      const holder = await file(path)
      const found = holder.entries.get(name)?.shape
      if (found !== undefined && found.join() !== shape.join()) {
        throw mismatch(path, `tensor ${name} has shape [${found.join(', ')}], not [${shape.join(', ')}]`)
      }
      return holder.read(name)
    },

    async countParameters() {
      const entries = (await Promise.all(paths.map(file))).flatMap((holder) => [...holder.entries.values()])
      return entries.reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0)
    },

    async [Symbol.asyncDispose]() {
      const files = await Promise.allSettled(opened.values())
      await Promise.all(files.map((result) => result.status === 'fulfilled' && result.value[Symbol.asyncDispose]()))
    },
  }
}

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
