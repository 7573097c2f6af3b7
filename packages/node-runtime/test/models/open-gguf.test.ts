import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadDrafter } from '../../src/engines/load-drafter.ts'
import { openModel } from '../../src/models/model-source.ts'
import { firstDifference } from '../../src/tokenizers/same-tokenizer.ts'
import { loadTokenizer } from '../../src/tokenizers/tokenizer.ts'
import { byteTokenizer } from '../tokenizers/byte-tokenizer.ts'
import { ggufBytes, ints, text, texts, u32, type Written } from '../weights/gguf/gguf-bytes.ts'
import { tinyDecoder } from '../weights/gguf/tiny-decoder.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'dsd-gguf-'))
})
afterEach(() => rm(dir, { recursive: true }))

const tokenizer: Record<string, Written> = {
  'tokenizer.ggml.model': text('gpt2'),
  'tokenizer.ggml.pre': text('smollm'),
  'tokenizer.ggml.tokens': texts('<|endoftext|>', '<|im_end|>', 'a', 'b', 'c', 'ab', '[PAD6]', '[PAD7]'),
  'tokenizer.ggml.token_type': ints(3, 3, 1, 1, 1, 1, 5, 5),
  'tokenizer.ggml.merges': texts('a b'),
  'tokenizer.ggml.eos_token_id': u32(1),
  'tokenizer.chat_template': text('{% for m in messages %}<|im_end|>{{ m.content }}{% endfor %}'),
  'general.license': text('apache-2.0'),
}

async function write(name: string, metadata: Record<string, Written> = tokenizer): Promise<string> {
  const path = join(dir, name)
  await writeFile(path, ggufBytes(tinyDecoder({ metadata })))
  return path
}

describe('a model in a GGUF file', () => {
  it('says all that a folder says', async () => {
    const path = await write('tiny.gguf')
    const model = await openModel(path)
    expect(model).toMatchObject({ ref: path, path, format: 'gguf', bundled: false, licence: 'apache-2.0' })
    expect(model.weightFiles).toEqual([{ path, bytes: model.weightBytes }])
    // The end that the file names, and the other token that its spelling makes one.
    expect(model.config).toMatchObject({ architecture: 'llama', layers: 1, kvHeads: 2, eos: [1, 0] })
    expect(await model.digest()).toMatch(/^[0-9a-f]{64}$/)
    await using weights = await model.openWeights()
    expect(await weights.read('model.norm.weight', [16])).toEqual(new Float32Array(16))
    expect(weights.stored(model.config.tensors.head)).toMatchObject({
      format: 'gguf',
      type: 'F32',
      shape: [8, 16],
    })
  })

  it('has its tokenizer and chat template in it', async () => {
    const tokens = await (await openModel(await write('tiny.gguf'))).tokenizer()
    expect(tokens.encode('abc')).toEqual([5, 4])
    expect(tokens.decode([5, 4])).toBe('abc')
    expect(tokens.chat?.render([{ role: 'user', content: 'abc' }])).toBe('<|im_end|>abc')
    expect([...tokens.specialIds]).toEqual([0, 1])
  })

  it('is found in a folder that holds nothing else of its kind', async () => {
    const path = await write('tiny.gguf')
    expect((await openModel(dir)).path).toBe(path)
    await write('other.gguf')
    await expect(openModel(dir)).rejects.toMatchObject({
      line: `${dir}: the folder holds 2 GGUF files: other.gguf, tiny.gguf; name one of them`,
    })
  })

  it('opens though its tokenizer is not supported, and says so when that is asked for', async () => {
    const model = await openModel(await write('spm.gguf', { ...tokenizer, 'tokenizer.ggml.model': text('llama') }))
    await expect(model.tokenizer()).rejects.toThrow('tokenizer llama is not supported')
  })
})

describe('tokenizers of a GGUF file and of a folder', () => {
  const vocabulary = ['<|endoftext|>', '<|im_end|>', 'a', 'b', 'c', 'ab']

  async function folderTokenizer(tokens: readonly string[]) {
    const folder = join(dir, 'folder')
    await mkdir(folder, { recursive: true })
    const json = byteTokenizer()
    const special = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: true }
    await writeFile(
      join(folder, 'tokenizer.json'),
      JSON.stringify({
        ...json,
        added_tokens: tokens.slice(0, 2).map((content, id) => ({ id, content, ...special })),
        model: { type: 'BPE', vocab: Object.fromEntries(tokens.map((token, id) => [token, id])), merges: ['a b'] },
      }),
    )
    return loadTokenizer(folder)
  }

  it('are the same when every id means the same; rows that only pad the embedding mean nothing', async () => {
    const inFile = await (await openModel(await write('tiny.gguf'))).tokenizer()
    const inFolder = await folderTokenizer(vocabulary)
    expect(firstDifference(inFile, inFolder)).toBeUndefined()
    expect([inFile.digest, inFile.size]).toEqual([inFolder.digest, 6])
  })

  it('are told apart by the first id, for a drafter too', async () => {
    const model = await openModel(await write('tiny.gguf'))
    const target = await folderTokenizer([...vocabulary.slice(0, 4), 'd', 'ab'])
    await expect(loadDrafter({ model, targetTokenizer: target })).rejects.toThrow(
      'different tokenizers: token 4 is "d" for the target and "c" for the draft',
    )
  })
})
