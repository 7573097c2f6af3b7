import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { GgufFile } from '../../../src/weights/gguf/gguf-file.ts'
import { GgufModel } from '../../../src/weights/gguf/gguf-model.ts'
import { readTokenizer } from '../../../src/weights/gguf/tokenizer/read-tokenizer.ts'
import { type Outcome, readDamaged } from '../damaged-files.ts'

/** One has weights and no tokenizer, the other a tokenizer and no weights. */
const subjects = ['tiny-llama.gguf', 'tiny-gpt2.gguf', 'tokenizer-smollm.gguf']

const HEADER_BYTES = 3500

/** Opens `count` files whose headers were damaged at random, and reads on in those that open. */
export const openMutatedHeaders = (count: number, seed: number): Promise<Outcome> =>
  readDamaged({
    sound: subjects.map((name) => readFileSync(fileURLToPath(new URL(`./fixtures/${name}`, import.meta.url)))),
    headerBytes: HEADER_BYTES,
    count,
    seed,
    name: 'mutated.gguf',
    read: readAll,
  })

async function readAll(path: string): Promise<void> {
  await using file = await GgufFile.open(path)
  for (const key of file.metadata.keys) if (file.metadata.get(key)?.type === 'array') file.metadata.array(key)
  if (file.metadata.get('tokenizer.ggml.model') !== undefined) readTokenizer(file)
  if (file.tensors.size === 0) return
  await using model = await GgufModel.open(path)
  for (const { name, shape } of model.weights.values()) await model.read(name, shape)
}
