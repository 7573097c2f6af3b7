import { fileURLToPath } from 'node:url'
import type { ShardCompute } from '@dsd-lab/core'
import { describe, expect, it } from 'vitest'
import { loadModel, loadShard } from '../../../src/engines/load-shard.ts'
import { openModel } from '../../../src/models/model-source.ts'
import { randomGpt2 } from '../../models/random-gpt2.ts'
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
  it('gives the logits of tfjs-cpu in f32, and the same bits when cut into single layers', async () => {
    const model = await openModel(fixture(name))
    await using reference = await loadModel({ model, engine: 'tfjs-cpu' })
    const expected = await logitsOf(reference, ids)
    const whole = chainOf(await shardsOf(model, 1, 'f32'))
    const found = await whole.forward(0, ids)
    expect(largestGap(found, expected) / largest(expected)).toBeLessThan(FLOAT32)
    const layers = chainOf(await shardsOf(model, model.config.layers, 'f32'))
    expect(await layers.forward(0, ids)).toEqual(found)
    await layers.close()
    await whole.close()
  })
})

describe('as stored', () => {
  it('computes with the numbers of the file and activations of 8 bits', async () => {
    const model = await openModel(fixture('qwen2'))
    await using exact = await loadModel({ model, engine: 'onnx', precision: 'f32' })
    await using rounded = await loadModel({ model, engine: 'onnx' })
    const expected = await logitsOf(exact, ids)
    const gap = largestGap(await logitsOf(rounded, ids), expected) / largest(expected)
    // Rows of 32 values make coarse sums: never equal, never far.
    expect(gap).toBeGreaterThan(0)
    expect(gap).toBeLessThan(0.1)
    const rowInvariance = { holds: true, largestDifference: 0 }
    expect(rounded.engine).toMatchObject({ name: 'onnx', precision: 'as-stored', rowInvariance })
  })

  it.each(['llama', 'qwen3'])('gives a position of a %s the same bits in any window', async (name) => {
    const model = await openModel(fixture(name))
    await using whole = await loadModel({ model, engine: 'onnx' })
    const expected = await logitsOf(whole, ids)
    for (const window of [1, 2, 3, 5, 9, 17]) expect(await inWindows(whole, window)).toEqual(expected)
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

it.each([
  { model_type: 'mistral', sliding_window: 7 },
  { model_type: 'qwen2', sliding_window: 1, use_sliding_window: true, max_window_layers: 1 },
])('a window of attention gives the logits of tfjs-cpu, and the same bits however rows come in: %o', async (config) => {
  await using folder = await randomLlama({ config })
  await using reference = await loadModel({ model: folder.dir, engine: 'tfjs-cpu' })
  await using found = await loadModel({ model: folder.dir, engine: 'onnx' })
  const expected = await logitsOf(reference, ids)
  const logits = await logitsOf(found, ids)
  expect(largestGap(logits, expected) / largest(expected)).toBeLessThan(FLOAT32)
  for (const window of [1, 5]) expect(await inWindows(found, window)).toEqual(logits)
})

it('heads of an odd width, as only GPT-2 can have, give the logits of tfjs-cpu', async () => {
  await using folder = await randomGpt2({ hidden: 15, heads: 3 })
  await using reference = await loadModel({ model: folder.dir, engine: 'tfjs-cpu' })
  await using found = await loadModel({ model: folder.dir, engine: 'onnx' })
  const expected = await logitsOf(reference, ids)
  expect(largestGap(await logitsOf(found, ids), expected) / largest(expected)).toBeLessThan(FLOAT32)
})

/** Logits of all ids, fed in windows of some size. */
async function inWindows(shard: ShardCompute, window: number): Promise<Float32Array> {
  const session = shard.openSession()
  const out = new Float32Array(ids.length * shard.vocabSize)
  for (let start = 0; start < ids.length; start += window) {
    const output = await session.forward({ start, input: { kind: 'ids', ids: ids.slice(start, start + window) } })
    if (output.kind === 'logits') out.set(output.logits, start * shard.vocabSize)
  }
  session.close()
  return out
}

type Model = Awaited<ReturnType<typeof openModel>>

const shardsOf = async (model: Model, nodes: number, precision: 'f32') =>
  Promise.all(
    Array.from({ length: nodes }, (_, node) => {
      const to = node === nodes - 1 ? model.config.layers : node + 1
      return loadShard({ model, engine: 'onnx', precision, layers: { from: node, to } })
    }),
  )

const largest = (values: Float32Array): number => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)

const largestGap = (left: Float32Array, right: Float32Array): number =>
  left.reduce((most, value, i) => Math.max(most, Math.abs(value - (right[i] ?? Number.NaN))), 0)
