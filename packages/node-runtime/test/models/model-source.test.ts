import { appendFile, copyFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openModel } from '../../src/models/model-source.ts'
import { byteTokenizer } from '../tokenizers/byte-tokenizer.ts'
import { randomLlama } from './random-llama.ts'

describe('opening a model', () => {
  it('tells its size and configuration without reading weights', async () => {
    await using model = await randomLlama({ dtype: 'BF16', files: 2 })
    const source = await openModel(model.dir)
    const layer = 2 * 48 + 2 * 48 * 48 + 2 * 24 * 48 + 3 * 80 * 48
    expect(source).toMatchObject({ ref: model.dir, parameters: 96 * 48 + 3 * layer + 48, bundled: false })
    expect(source.weightBytes).toBeGreaterThan(2 * source.parameters)
    expect(source.config.layers).toBe(3)
  })

  it('ends texts where generation_config.json says', async () => {
    await using model = await randomLlama()
    await writeFile(join(model.dir, 'generation_config.json'), '{"eos_token_id": [1, 5]}')
    expect((await openModel(model.dir)).config.eos).toEqual([1, 5])
  })

  it('has a digest that changes with any file and with nothing else', async () => {
    await using model = await randomLlama()
    const tokenizer = join(model.dir, 'tokenizer.json')
    await writeFile(tokenizer, JSON.stringify(byteTokenizer()))
    const digest = async () => (await openModel(model.dir)).digest()
    const first = await digest()
    expect(first).toMatch(/^[0-9a-f]{64}$/)
    expect(await digest()).toBe(first)
    await appendFile(tokenizer, ' ')
    const second = await digest()
    expect(second).not.toBe(first)
    await appendFile(join(model.dir, 'config.json'), ' ')
    const third = await digest()
    expect(third).not.toBe(second)
    await writeFile(join(model.dir, 'generation_config.json'), '{"eos_token_id": [1, 5]}')
    expect(await digest()).not.toBe(third)
  })

  it.each([
    ['bundled:lab-targt', 'bundled:lab-targt: no bundled model lab-targt; use bundled:lab-target or bundled:lab-draft'],
    ['/nowhere/at/all', '/nowhere/at/all: there is no model here; name a folder that holds config.json'],
  ])('says what is wrong with %s', async (ref, line) => {
    await expect(openModel(ref)).rejects.toMatchObject({ kind: 'bad-input', line: expect.stringContaining(line) })
  })

  it('says that the tokenizer is missing when it is asked for', async () => {
    await using model = await randomLlama()
    const source = await openModel(model.dir)
    await expect(source.tokenizer()).rejects.toMatchObject({
      line: `${join(model.dir, 'tokenizer.json')}: the tokenizer is missing; put the tokenizer.json of the model there`,
    })
  })

  it('refuses weights that do not fit the config, before any is read', async () => {
    await using model = await randomLlama()
    await using other = await randomLlama({ config: { intermediate_size: 88 } })
    await copyFile(join(other.dir, 'model.safetensors'), join(model.dir, 'model.safetensors'))
    await expect(openModel(model.dir)).rejects.toMatchObject({
      kind: 'bad-input',
      line: expect.stringMatching(
        /mlp\.gate_proj\.weight has shape \[88, 48\], not \[80, 48\]; check that config\.json/,
      ),
    })
  })

  it('takes the head that the files have, though the config says that it is tied', async () => {
    await using tied = await randomLlama({ config: { tie_word_embeddings: true } })
    await using own = await randomLlama({ config: { tie_word_embeddings: false } })
    await copyFile(join(tied.dir, 'config.json'), join(own.dir, 'config.json'))
    expect((await openModel(own.dir)).config.tensors.head).toBe('lm_head.weight')
    expect((await openModel(tied.dir)).config.tensors.head).toBe('model.embed_tokens.weight')
  })

  it('knows its licence from the front matter of its README', async () => {
    await using model = await randomLlama()
    expect((await openModel(model.dir)).licence).toBeUndefined()
    await writeFile(join(model.dir, 'README.md'), '---\ntags:\n- a\nlicense: apache-2.0\n---\n# A model\n')
    expect((await openModel(model.dir)).licence).toBe('apache-2.0')
  })

  it('says that the weights are missing', async () => {
    await using model = await randomLlama()
    await rm(join(model.dir, 'model.safetensors'))
    await expect(openModel(model.dir)).rejects.toThrow('no model.safetensors')
  })
})
