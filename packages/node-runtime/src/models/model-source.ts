import { stat } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { DsdError } from '@dsd-lab/core'
import { resolveModel } from '../model-sources/resolve-model.ts'
import { loadTokenizer, type TextTokenizer } from '../tokenizers/tokenizer.ts'
import { openWeightFolder, weightFiles } from '../weights/weight-folder.ts'
import { digestFiles } from './digest-files.ts'
import type { ModelConfig } from './model-config.ts'
import { readModelConfig } from './read-config.ts'

const BUNDLED = ['lab-target', 'lab-draft'] as const

/** A model on disk, its config read and its weights not yet. */
export interface ModelSource {
  /** As the user wrote it. */
  readonly ref: string
  readonly dir: string
  readonly config: ModelConfig
  readonly parameters: number
  /** Size of the weight files. */
  readonly weightBytes: number
  /** True for the pair that ships with the package. */
  readonly bundled: boolean
  /** Loads the tokenizer on the first call. */
  tokenizer(): Promise<TextTokenizer>
  /** SHA-256 over config, tokenizer and weights, hexadecimal; computed on the first call. */
  digest(): Promise<string>
}

/**
 * Opens a model: `bundled:lab-target`, `bundled:lab-draft`, or the path of a folder in the form of the Hugging Face hub
 * (config.json, tokenizer.json, safetensors weights).
 *
 * @throws DsdError in one line when there is no such model, its architecture is not supported, or its weights are broken
 */
export async function openModel(ref: string): Promise<ModelSource> {
  const dir = ref.startsWith(BUNDLED_PREFIX) ? bundledFolder(ref) : (await resolveModel(ref)).path
  const config = await readModelConfig(dir)
  await using weights = await openWeightFolder(dir)
  const files = await weightFiles(dir)
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size))
  let tokenizer: Promise<TextTokenizer> | undefined
  let digest: Promise<string> | undefined
  return {
    ref,
    dir,
    config,
    parameters: await weights.countParameters(),
    weightBytes: sizes.reduce((sum, size) => sum + size, 0),
    bundled: ref.startsWith(BUNDLED_PREFIX),
    tokenizer() {
      tokenizer ??= loadTokenizer(dir)
      return tokenizer
    },
    digest() {
      digest ??= digestFiles(dir, ['config.json', 'tokenizer.json', ...files])
      return digest
    },
  }
}

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
