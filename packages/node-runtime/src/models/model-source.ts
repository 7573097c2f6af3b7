import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DsdError } from '@dsd-lab/core'
import { resolveModel } from '../model-sources/resolve-model.ts'
import { holdsWeights } from '../weights/weight-folder.ts'
import type { ModelContents } from './model-contents.ts'
import { openFolder } from './open-folder.ts'
import { openGguf } from './open-gguf.ts'

const BUNDLED = ['lab-target', 'lab-draft'] as const

/** A model on disk, its config read and its weights not yet. */
export interface ModelSource extends ModelContents {
  /** As the user wrote it. */
  readonly ref: string
  /** True for the pair that ships with the package. */
  readonly bundled: boolean
}

/**
 * Opens a model: `bundled:lab-target`, `bundled:lab-draft`, an id of the catalogue, `hf:owner/name`, the path of a GGUF file, or that of a
 * folder in the form of the Hugging Face hub (config.json, tokenizer.json, safetensors weights) or with one GGUF file in it.
 *
 * @throws DsdError in one line when there is no such model, it needs something that is not supported, or its files are broken
 */
export async function openModel(ref: string): Promise<ModelSource> {
  if (ref.startsWith(BUNDLED_PREFIX)) {
    const contents = await openPath(bundledFolder(ref))
    return { ...contents, licence: PACKAGE_LICENCE, ref, bundled: true }
  }
  const { path, licence } = await resolveModel(ref)
  const contents = await openPath(path)
  return { ...contents, licence: contents.licence ?? licence, ref, bundled: false }
}

async function openPath(path: string): Promise<ModelContents> {
  const found = await stat(path).catch(() => undefined)
  if (found === undefined ? path.endsWith(GGUF) : found.isFile()) return openGguf(path)
  if (await holdsWeights(path)) return openFolder(path)
  const files = (await readdir(path).catch(() => [])).filter((name) => name.endsWith(GGUF)).sort()
  const [only, ...others] = files
  if (only === undefined) return openFolder(path)
  if (others.length === 0) return openGguf(join(path, only))
  throw new DsdError(`the folder holds ${files.length} GGUF files: ${files.join(', ')}`, {
    kind: 'bad-input',
    where: path,
    fix: 'name one of them',
  })
}

const GGUF = '.gguf'
/** The pair comes under the licence of the package. */
const PACKAGE_LICENCE = 'apache-2.0'
const BUNDLED_PREFIX = 'bundled:'

function bundledFolder(ref: string): string {
  const name = ref.slice(BUNDLED_PREFIX.length)
  if (!BUNDLED.some((known) => known === name)) {
    throw new DsdError(`no bundled model ${name}`, {
      kind: 'bad-input',
      where: ref,
      fix: `use ${BUNDLED.map((known) => BUNDLED_PREFIX + known).join(' or ')}`,
    })
  }
  return fileURLToPath(new URL(`../../bundled/${name}`, import.meta.url))
}
