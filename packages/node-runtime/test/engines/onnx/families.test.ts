import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { loadModel, loadShard } from '../../../src/engines/load-shard.ts'
import { openModel } from '../../../src/models/model-source.ts'
import { randomLlama } from '../../models/random-llama.ts'
import { chainOf, logitsOf } from '../chain-of-shards.ts'
import { scratchCache } from './scratch-cache.ts'

scratchCache()

const ids = Array.from({ length: 21 }, (_, i) => (i * 29 + 3) % 48)
const fixture = (name: string): string =>
  fileURLToPath(new URL(`../../weights/gguf/fixtures/tiny-${name}.gguf`, import.meta.url))

/** Largest difference of a logit between two engines that both compute in float32. */
const FLOAT32 = 2e-5

describe.each(['llama', 'llama-biased', 'qwen2', 'qwen3', 'gpt2'])('a %s file', (name) => {
  it('gives the logits of tfjs-cpu in f32, as a whole and cut into single layers', async () => {
    const model = await openModel(fixture(name))
    await using reference = await loadModel({ model, engine: 'tfjs-cpu' })
    const expected = await logitsOf(reference, ids)
    const spread = largest(expected)
    for (const nodes of [1, model.config.layers]) {
      const chain = chainOf(await shardsOf(model, nodes, 'f32'))
      const found = await chain.forward(0, ids)
      expect(largestGap(found, expected) / spread).toBeLessThan(FLOAT32)
      await chain.close()
    }
  })

  it.each(['as-stored', 'q8'] as const)('stays near them in %s', async (precision) => {
    const model = await openModel(fixture(name))
    await using exact = await loadModel({ model, engine: 'onnx', precision: 'f32' })
    await using rounded = await loadModel({ model, engine: 'onnx', precision })
    const expected = await logitsOf(exact, ids)
    const gap = largestGap(await logitsOf(rounded, ids), expected) / largest(expected)
    // Activations are rounded to 8 bits: never equal, never far.
    expect(gap).toBeGreaterThan(0)
    expect(gap).toBeLessThan(0.03)
    expect(rounded.engine).toMatchObject({ name: 'onnx', precision, rowInvariance: { holds: true } })
  })

  it('gives a position the same bits whatever the window and the number of shards', async () => {
    const model = await openModel(fixture(name))
    const whole = chainOf(await shardsOf(model, 1, 'as-stored'))
    const expected = await whole.forward(0, ids)
    const layers = chainOf(await shardsOf(model, model.config.layers, 'as-stored'))
    for (const chain of [whole, layers]) {
      for (const window of [1, 2, 3, 5, 9, 17]) {
        const found: Float32Array[] = []
        for (let start = 0; start < ids.length; start += window) {
          found.push(await chain.forward(start, ids.slice(start, start + window)))
        }
        expect(found.flatMap((logits) => [...logits])).toEqual([...expected])
      }
    }
    await layers.close()
    await whole.close()
  })
})

describe('a safetensors folder', () => {
  it.each(['F32', 'BF16', 'F16'] as const)('of %s gives the logits of tfjs-cpu', async (dtype) => {
    await using folder = await randomLlama({ dtype, config: { tie_word_embeddings: false } })
    await using reference = await loadModel({ model: folder.dir, engine: 'tfjs-cpu' })
    await using found = await loadModel({ model: folder.dir, engine: 'onnx' })
    expect(found.engine.precision).toBe('f32')
    const expected = await logitsOf(reference, ids)
    expect(largestGap(await logitsOf(found, ids), expected) / largest(expected)).toBeLessThan(FLOAT32)
  })
})

type Model = Awaited<ReturnType<typeof openModel>>

const shardsOf = async (model: Model, nodes: number, precision: 'f32' | 'as-stored') =>
  Promise.all(
    Array.from({ length: nodes }, (_, node) => {
      const to = node === nodes - 1 ? model.config.layers : node + 1
      return loadShard({ model, engine: 'onnx', precision, layers: { from: node, to } })
    }),
  )

const largest = (values: Float32Array): number => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)

const largestGap = (left: Float32Array, right: Float32Array): number =>
  left.reduce((most, value, i) => Math.max(most, Math.abs(value - (right[i] ?? Number.NaN))), 0)
