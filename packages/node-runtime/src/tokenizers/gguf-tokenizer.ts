import { DsdError } from '@dsd-lab/core'
import { GgufFile } from '../weights/gguf/gguf-file.ts'
import { droppingMissingBytes } from '../weights/gguf/tokenizer/missing-bytes.ts'
import { readTokenizer } from '../weights/gguf/tokenizer/read-tokenizer.ts'
import type { TokenizerJson } from '../weights/gguf/tokenizer/tokenizer-json.ts'
import { chatTemplate } from './chat-template.ts'
import { makeTokenizer, type TextTokenizer } from './tokenizer.ts'

/**
 * Builds the tokenizer that the metadata of a GGUF file describe, in memory.
 *
 * @throws DsdError naming the kind of tokenizer that is not supported, or the entry that is malformed
 */
export function ggufTokenizer(file: GgufFile): TextTokenizer {
  const { json, config, unused } = readTokenizer(file)
  const chat = chatTemplate({ tokenizerConfig: config, where: file.path })
  try {
    return makeTokenizer({ json: droppingMissingBytes(json), config, chat, unused })
  } catch (cause) {
    throw new DsdError('the tokenizer in the file cannot be built', { kind: 'bad-input', where: file.path, cause })
  }
}

/**
 * The `tokenizer.json` that stands for the tokenizer of a GGUF file, for other readers of that form.
 *
 * @throws DsdError as `ggufTokenizer`
 */
export async function ggufTokenizerJson(path: string): Promise<TokenizerJson> {
  await using file = await GgufFile.open(path)
  return readTokenizer(file).json
}
