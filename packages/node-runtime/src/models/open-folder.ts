import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { loadTokenizer } from '../tokenizers/tokenizer.ts'
import { openWeightFolder, weightFiles } from '../weights/weight-folder.ts'
import { digestFiles } from './file-digest.ts'
import { folderLicence } from './licence.ts'
import { type ModelContents, once } from './model-contents.ts'
import { readModelConfig } from './read-config.ts'
import { fitTensors } from './tensor-shapes.ts'

/**
 * Opens a folder in the form of the Hugging Face hub: config.json, tokenizer.json, safetensors weights.
 *
 * @throws DsdError in one line when the architecture is not supported, or weights are missing, broken or of other shapes
 */
export async function openFolder(dir: string): Promise<ModelContents> {
  const declared = await readModelConfig(dir)
  await using weights = await openWeightFolder(dir)
  const config = fitTensors(declared, weights)
  const paths = await weightFiles(dir)
  const files = await Promise.all(paths.map(async (path) => ({ path, bytes: (await stat(path)).size })))
  return {
    path: dir,
    format: 'safetensors',
    config,
    parameters: await weights.countParameters(),
    weightFiles: files,
    weightBytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    licence: await folderLicence(dir),
    openWeights: () => openWeightFolder(dir),
    tokenizer: once(() => loadTokenizer(dir)),
    digest: once(async () => {
      const beside: string[] = []
      // The second may name other end tokens than the configuration.
      for (const name of ['tokenizer.json', 'generation_config.json']) {
        if (await isFile(join(dir, name))) beside.push(join(dir, name))
      }
      return digestFiles([join(dir, 'config.json'), ...beside, ...paths])
    }),
  }
}

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isFile(),
    () => false,
  )
