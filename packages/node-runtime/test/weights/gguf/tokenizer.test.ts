import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Template } from '@huggingface/jinja'
import { Tokenizer } from '@huggingface/tokenizers'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { GgufFile } from '../../../src/weights/gguf/gguf-file.ts'
import { allEnds } from '../../../src/weights/gguf/tokenizer/end-tokens.ts'
import { droppingMissingBytes } from '../../../src/weights/gguf/tokenizer/missing-bytes.ts'
import { readTokenizer } from '../../../src/weights/gguf/tokenizer/read-tokenizer.ts'
import { ggufBytes, ints, scratchFolder, text, texts, type Written } from './gguf-bytes.ts'

/** Made by `fixtures/make_tokenizers.py` with the Rust tokenizers. */
const reference = z
  .array(
    z.object({
      file: z.string(),
      pre: z.string(),
      cases: z.array(z.object({ text: z.string(), ids: z.array(z.number()), decoded: z.string() })),
    }),
  )
  .parse(JSON.parse(readFileSync(new URL('./fixtures/tokenizers.json', import.meta.url), 'utf8')))

const openFixture = (file: string): Promise<GgufFile> =>
  GgufFile.open(fileURLToPath(new URL(`./fixtures/${file}`, import.meta.url)))

describe.each(reference)('pre-tokenizer $pre', ({ file: name, cases }) => {
  it.each(cases)('encodes and decodes as the Rust tokenizers do: $text', async ({ text: input, ids, decoded }) => {
    await using file = await openFixture(name)
    const { json, config } = readTokenizer(file)
    const tokenizer = new Tokenizer(droppingMissingBytes(json), config)
    expect(tokenizer.encode(input, { add_special_tokens: false }).ids).toEqual(ids)
    expect(tokenizer.decode(ids)).toBe(decoded)
  })
})

describe('the tokenizer of a GGUF file', () => {
  it('begins a text with bos where the file asks for it, and for llama-bpe unless the file says no', async () => {
    const starts: Record<string, boolean> = {}
    for (const { file: name, pre } of reference) {
      await using file = await openFixture(name)
      const { json, config } = readTokenizer(file)
      starts[pre] = new Tokenizer(json, config).encode('if').ids[0] === 1
    }
    expect(starts).toEqual({ 'gpt-2': true, smollm: false, qwen2: false, 'llama-bpe': true })
  })

  it('leaves control tokens out of a text, and keeps those that a user defined', async () => {
    await using file = await openFixture('tokenizer-qwen2.gguf')
    const { json, config } = readTokenizer(file)
    const tokenizer = new Tokenizer(json, config)
    const { ids } = tokenizer.encode('<|im_start|>a<tool>b<|im_end|>', { add_special_tokens: false })
    expect(tokenizer.decode(ids, { skip_special_tokens: true })).toBe('a<tool>b')
  })

  it('brings its chat template, and names its special tokens', async () => {
    await using file = await openFixture('tokenizer-qwen2.gguf')
    const { config } = readTokenizer(file)
    expect(config).toMatchObject({ bos_token: '<|im_start|>', eos_token: '<|im_end|>', add_bos_token: false })
    expect(new Template(config.chat_template ?? '').render({ messages: [{ role: 'user', content: 'hi' }] })).toBe(
      '<|im_start|>hi<|im_end|>',
    )
    // The eos that the file names, and the other token that ends texts in this family.
    expect(allEnds(file)).toEqual([2, 0])
  })

  const metadata = {
    'tokenizer.ggml.model': text('gpt2'),
    'tokenizer.ggml.pre': text('gpt-2'),
    'tokenizer.ggml.tokens': texts('a', 'b', 'ab'),
    'tokenizer.ggml.token_type': ints(1, 1, 1),
    'tokenizer.ggml.merges': texts('a b'),
  }
  it.each<[what: string, changes: Record<string, Written>]>([
    ['tokenizer llama is not supported', { 'tokenizer.ggml.model': text('llama') }],
    ['pre-tokenizer tekken is not supported', { 'tokenizer.ggml.pre': text('tekken') }],
    ['token a stands in the vocabulary twice, as 0 and 1', { 'tokenizer.ggml.tokens': texts('a', 'a', 'b') }],
    ['token_type has 2 entries for 3 tokens', { 'tokenizer.ggml.token_type': ints(1, 1) }],
    ['merge 1 is no pair: ab', { 'tokenizer.ggml.merges': texts('a b', 'ab') }],
    ['eos_token_id is 3, of 3 tokens', { 'tokenizer.ggml.eos_token_id': { type: 'uint32', value: 3 } }],
    ['tokenizer.ggml.tokens is not an array of texts', { 'tokenizer.ggml.tokens': ints(1) }],
  ])('is refused in one line: %s', async (what, changes) => {
    await using folder = await scratchFolder()
    const path = folder.file('tokenizer.gguf', ggufBytes({ metadata: { ...metadata, ...changes } }))
    await using file = await GgufFile.open(path)
    expect(() => readTokenizer(file)).toThrow(
      expect.objectContaining({
        kind: 'bad-input',
        where: path,
        message: expect.stringContaining(what),
      }),
    )
  })
})
