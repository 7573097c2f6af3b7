import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { assert, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { GgufModel } from '../../../src/weights/gguf/gguf-model.ts'
import type { ModelWeights } from '../../../src/weights/model-weights.ts'
import { f32, ggufBytes, scratchFolder, text } from './gguf-bytes.ts'
import { tinyDecoder } from './tiny-decoder.ts'

/** Made by `fixtures/make_models.py`: random weights under Hugging Face's names, converted and quantised as llama.cpp does it. */
const reference = z
  .array(
    z.object({
      file: z.string(),
      architecture: z.string(),
      headDim: z.number(),
      weights: z.record(z.string(), z.object({ shape: z.array(z.number()), sha256: z.string() })),
    }),
  )
  .parse(JSON.parse(readFileSync(new URL('./fixtures/models.json', import.meta.url), 'utf8')))

const fixture = (file: string): string => fileURLToPath(new URL(`./fixtures/${file}`, import.meta.url))
const bytesOf = (values: Float32Array): Buffer => Buffer.from(values.buffer, values.byteOffset, values.byteLength)
const sha256 = (values: Float32Array): string => createHash('sha256').update(bytesOf(values)).digest('hex')

describe.each(reference)('$file', ({ file, architecture, headDim, weights }) => {
  it('holds the weights of the Hugging Face model, to the bit and under its names', async () => {
    await using model = await GgufModel.open(fixture(file))
    expect([...model.weights.keys()].toSorted()).toEqual(Object.keys(weights).toSorted())
    for (const [name, { shape, sha256: expected }] of Object.entries(weights)) {
      expect({ name, shape: model.weights.get(name)?.shape, sha256: sha256(await model.read(name, shape)) }).toEqual({
        name,
        shape,
        sha256: expected,
      })
    }
  })

  it('gives any range of rows as the whole does', async () => {
    await using model = await GgufModel.open(fixture(file))
    for (const [name, { shape }] of Object.entries(weights)) {
      const [height = 0, rowLength] = shape
      if (rowLength === undefined) continue
      const whole = await model.read(name, shape)
      for (const [from, to] of [
        [0, 0],
        [0, 1],
        [1, height],
        [3, 11],
        [height - 5, height],
      ] as const) {
        const rows = bytesOf(await model.readRows(name, { from, to }))
        expect(rows.equals(bytesOf(whole.subarray(from * rowLength, to * rowLength)))).toBe(true)
      }
    }
  })

  it('says the sizes that a config.json would', async () => {
    await using model = await GgufModel.open(fixture(file))
    expect(model.facts).toMatchObject({ architecture, vocabSize: 48, hiddenSize: 32, layers: 2, heads: 4, headDim })
    expect(model.facts).toMatchObject({ ffnSize: 64, maxLength: 128, bos: 1, eos: [2] })
    expect(await model.countParameters()).toBe(
      Object.values(weights).reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0),
    )
  })

  it('stands in for a folder of safetensors', async () => {
    await using model: ModelWeights = await GgufModel.open(fixture(file))
    const [name, { shape }] = Object.entries(weights)[0] ?? ['', { shape: [] }]
    expect(model.has(name)).toBe(true)
    expect(await model.read(name, shape)).toHaveLength(shape.reduce((product, size) => product * size, 1))
    await expect(model.read(name, [...shape, 2])).rejects.toMatchObject({ kind: 'bad-input' })
    await expect(model.read('no.such.tensor', shape)).rejects.toThrow('tensor no.such.tensor is missing')
  })
})

describe('the config of a GGUF model', () => {
  it.each([
    [
      'tiny-llama.gguf',
      {
        model_type: 'llama',
        num_key_value_heads: 2,
        rms_norm_eps: 1e-6,
        rope_theta: 500_000,
        rope_scaling: {
          rope_type: 'llama3',
          factor: 32,
          low_freq_factor: 1,
          high_freq_factor: 4,
          original_max_position_embeddings: 8192,
        },
        tie_word_embeddings: false,
        attention_bias: false,
        mlp_bias: false,
      },
    ],
    [
      'tiny-llama-biased.gguf',
      {
        model_type: 'llama',
        head_dim: 16,
        rope_scaling: { rope_type: 'linear', factor: 4 },
        tie_word_embeddings: true,
        attention_bias: true,
        mlp_bias: true,
      },
    ],
    ['tiny-qwen2.gguf', { model_type: 'qwen2', rope_scaling: null, tie_word_embeddings: true }],
    ['tiny-qwen3.gguf', { model_type: 'qwen3', head_dim: 16, attention_bias: false, tie_word_embeddings: false }],
    [
      'tiny-gpt2.gguf',
      {
        model_type: 'gpt2',
        n_embd: 32,
        n_head: 4,
        n_layer: 2,
        n_inner: 64,
        n_positions: 128,
        layer_norm_epsilon: 1e-5,
        activation_function: 'gelu_new',
        tie_word_embeddings: true,
      },
    ],
  ])('%s', async (file, expected) => {
    await using model = await GgufModel.open(fixture(file))
    expect(model.config).toMatchObject(expected)
  })

  it('keeps rope factors that are not those of Llama 3 as they are', async () => {
    await using folder = await scratchFolder()
    const factors = Float32Array.of(1, 3)
    const written = tinyDecoder({
      tensors: (tensors) => [
        ...tensors,
        { name: 'rope_freqs.weight', shape: [2], bytes: new Uint8Array(factors.buffer) },
      ],
    })
    await using model = await GgufModel.open(folder.file('factors.gguf', ggufBytes(written)))
    expect(model.facts.rope).toEqual({ kind: 'factors', theta: 10_000, factors: [1, 3] })
    expect(model.config.rope_scaling).toEqual({ rope_type: 'factors', factors: [1, 3] })
  })

  it('takes a rope factor as nothing where the scaling type is none', async () => {
    await using folder = await scratchFolder()
    const metadata = { 'llama.rope.scaling.type': text('none'), 'llama.rope.scaling.factor': f32(8) }
    await using model = await GgufModel.open(folder.file('none.gguf', ggufBytes(tinyDecoder({ metadata }))))
    expect(model.facts.rope).toEqual({ kind: 'default', theta: 10_000 })
  })
})

describe('stored rows', () => {
  it('come quantised, in the row order of Hugging Face', async () => {
    await using folder = await scratchFolder()
    // One head of 4 dimensions; row r of the file is all bytes r.
    const bytes = Uint8Array.from({ length: 16 * 64 }, (_, at) => Math.floor(at / 64))
    const written = tinyDecoder({
      tensors: (tensors) => tensors.map((one) => (one.name === 'blk.0.attn_q.weight' ? { ...one, bytes } : one)),
    })
    await using model = await GgufModel.open(folder.file('rows.gguf', ggufBytes(written)))
    const stored = model.stored('model.layers.0.self_attn.q_proj.weight')
    assert(stored.format === 'gguf')
    const rows = await stored.readRows({ from: 1, to: 7 })
    expect(stored.type).toBe('F32')
    expect([...rows].filter((_, at) => at % 64 === 0)).toEqual([2, 1, 3, 4, 6, 5])
  })

  it('are refused where the file has columns', async () => {
    await using model = await GgufModel.open(fixture('tiny-gpt2.gguf'))
    const stored = model.stored('h.0.mlp.c_fc.weight')
    assert(stored.format === 'gguf')
    await expect(stored.readRows({ from: 0, to: 1 })).rejects.toThrow('stored transposed')
  })
})
