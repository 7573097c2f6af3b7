import { ggufTokenizer } from '../tokenizers/gguf-tokenizer.ts'
import { GgufFile } from '../weights/gguf/gguf-file.ts'
import { GgufModel } from '../weights/gguf/gguf-model.ts'
import { allEnds } from '../weights/gguf/tokenizer/end-tokens.ts'
import { digestFile } from './file-digest.ts'
import { type ModelContents, once } from './model-contents.ts'
import { configOf } from './read-config.ts'
import { fitTensors } from './tensor-shapes.ts'

/**
 * Opens a GGUF file, which holds config, tokenizer and weights.
 *
 * @throws DsdError in one line when the file is damaged, or holds something that is not supported
 */
export async function openGguf(path: string): Promise<ModelContents> {
  await using model = await GgufModel.open(path)
  const { file } = model
  const config = configOf({ ...model.config, eos_token_id: allEnds(file) }, path)
  return {
    path,
    format: 'gguf',
    config: fitTensors(config, model),
    parameters: await model.countParameters(),
    weightFiles: [{ path, bytes: file.fileBytes }],
    weightBytes: file.fileBytes,
    licence: file.metadata.text('general.license'),
    openWeights: () => GgufModel.open(path),
    tokenizer: once(async () => {
      await using opened = await GgufFile.open(path)
      return ggufTokenizer(opened)
    }),
    digest: once(() => digestFile(path)),
  }
}
