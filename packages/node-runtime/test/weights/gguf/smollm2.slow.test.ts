import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { Tokenizer } from '@huggingface/tokenizers'
import { assert, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { GgufModel } from '../../../src/weights/gguf/gguf-model.ts'
import { droppingMissingBytes } from '../../../src/weights/gguf/tokenizer/missing-bytes.ts'

/** Made by `fixtures/make_smollm2.py`, which says where the model file comes from. */
const reference = z
  .object({
    tensors: z.record(z.string(), z.string()),
    cases: z.array(z.object({ text: z.string(), ids: z.array(z.number()) })),
  })
  .parse(JSON.parse(readFileSync(new URL('./fixtures/smollm2-135m-q4_1.json', import.meta.url), 'utf8')))

const { DSD_GGUF_SMOLLM2: path } = process.env
beforeAll(() => {
  assert(path !== undefined, 'put the path of SmolLM2-135M-Instruct.Q4_1.gguf into DSD_GGUF_SMOLLM2')
})

describe('SmolLM2-135M-Instruct.Q4_1.gguf, the file that DSD_GGUF_SMOLLM2 names', () => {
  it('holds the weights that ggml reads from it, every one to the bit', async () => {
    await using model = await GgufModel.open(path ?? '')
    const found: Record<string, string> = {}
    for (const { name, shape, stored } of model.weights.values()) {
      const values = await model.read(name, shape)
      found[stored.name] = createHash('sha256').update(new Uint8Array(values.buffer)).digest('hex')
    }
    expect(found).toEqual(reference.tensors)
    expect(await model.countParameters()).toBe(134_515_008)
  })

  it('encodes as the Rust tokenizers do', async () => {
    await using model = await GgufModel.open(path ?? '')
    const { json, config } = model.tokenizer()
    const tokenizer = new Tokenizer(droppingMissingBytes(json), config)
    for (const { text, ids } of reference.cases) {
      expect({ text, ids: tokenizer.encode(text, { add_special_tokens: false }).ids }).toEqual({ text, ids })
    }
  })
})
