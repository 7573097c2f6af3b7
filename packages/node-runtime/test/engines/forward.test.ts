import { fileURLToPath } from 'node:url'
import type { ShardCompute } from '@dsd-lab/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadModel, loadShard } from '../../src/engines/load-shard.ts'
import type { EngineName, ShardEngine } from '../../src/engines/shard-engine.ts'
import { GgufModel } from '../../src/weights/gguf/gguf-model.ts'
import { type RandomLlama, randomLlama } from '../models/random-llama.ts'
import { chainOf, logitsOf } from './chain-of-shards.ts'
import { referenceLogits, type StoredModel } from './reference-decoder.ts'

/** Crosses the 32 positions by which the cache grows and the rows that run through the layers at once. */
const ids = Array.from({ length: 40 }, (_, i) => (i * 29 + 3) % 96)
const engines = ['tfjs-wasm', 'tfjs-cpu'] as const satisfies readonly EngineName[]
/** Largest error of a logit against float64; the logits spread over about 10. */
const TOLERANCE = 2e-5

const models = {
  'grouped queries, tied': { config: {} },
  'one key/value head': { config: { num_key_value_heads: 1 } },
  'no grouping, untied, bf16': { config: { num_key_value_heads: 4, tie_word_embeddings: false }, dtype: 'BF16' },
  'f16 in two files': { dtype: 'F16', files: 2 },
  'heads wider than the hidden size shares out': { config: { head_dim: 20 } },
  'biases everywhere': { config: { attention_bias: true, mlp_bias: true } },
  Mistral: { config: { model_type: 'mistral', tie_word_embeddings: false } },
  'Mistral with a sliding window': { config: { model_type: 'mistral', sliding_window: 7 } },
  'Qwen2 with a sliding window from its second layer on': {
    config: { model_type: 'qwen2', sliding_window: 7, use_sliding_window: true, max_window_layers: 1 },
  },
  'rope scaled as in Llama 3': {
    config: {
      rope_scaling: {
        rope_type: 'llama3',
        factor: 4,
        low_freq_factor: 1,
        high_freq_factor: 4,
        original_max_position_embeddings: 32,
      },
    },
  },
  'Qwen2: biases on query, key and value': { config: { model_type: 'qwen2' } },
  'Qwen3: a norm on every head': { config: { model_type: 'qwen3', head_dim: 20, tie_word_embeddings: false } },
} as const

describe.each(engines)('%s', (engine) => {
  it.each(Object.entries(models))('computes the logits of a float64 reference: %s', async (_, options) => {
    await using model = await randomLlama(options)
    await using shard = await loadModel({ model: model.dir, engine })
    const expected = referenceLogits(model, ids).flat()
    const logits = await logitsOf(shard, ids)
    expect(logits.length).toBe(expected.length)
    expect(largestGap(logits, expected)).toBeLessThan(TOLERANCE)
  })

  it.each(['tiny-llama.gguf', 'tiny-llama-biased.gguf', 'tiny-qwen2.gguf', 'tiny-qwen3.gguf', 'tiny-gpt2.gguf'])(
    'computes what a float64 reference makes of the weights in %s, cut over two shards',
    async (file) => {
      const path = fileURLToPath(new URL(`../weights/gguf/fixtures/${file}`, import.meta.url))
      const stored = await storedModel(path)
      const cuts = [
        { from: 0, to: 1 },
        { from: 1, to: 2 },
      ]
      const shards = await Promise.all(cuts.map((layers) => loadShard({ model: path, engine, layers })))
      const chain = chainOf(shards)
      const short = ids.map((id) => id % 48)
      const logits = await chain.forward(0, short)
      expect(largestGap(logits, referenceLogits(stored, short).flat())).toBeLessThan(10 * TOLERANCE)
      expect(shards.every((shard) => shard.engine.rowInvariance.holds)).toBe(true)
      await chain.close()
    },
  )
})

/** A GGUF file as the reference takes it. */
async function storedModel(path: string): Promise<StoredModel> {
  await using model = await GgufModel.open(path)
  const tensors = new Map<string, Float32Array>()
  for (const { name, shape } of model.weights.values()) tensors.set(name, await model.read(name, shape))
  return { config: model.config, tensor: (name) => tensors.get(name) ?? new Float32Array(0) }
}

describe('row bits', () => {
  let model: RandomLlama
  let whole: ShardEngine
  /** Logits of every position, computed one row at a time. `[ids, vocab]` */
  let alone: Float32Array

  beforeAll(async () => {
    model = await randomLlama()
    whole = await loadModel({ model: model.dir, engine: 'tfjs-wasm' })
    alone = await inWindows(whole, 1)
  })
  afterAll(async () => {
    await whole[Symbol.asyncDispose]()
    await model[Symbol.asyncDispose]()
  })

  it.each(Array.from({ length: 15 }, (_, i) => i + 2))('are the same in windows of %i rows', async (window) => {
    expect(await inWindows(whole, window)).toEqual(alone)
  })

  it('are the same when a prompt is longer than what runs through the layers at once', async () => {
    expect(await logitsOf(whole, ids)).toEqual(alone)
  })

  it.each([2, 3])('are the same over %i shards', async (nodes) => {
    const shards = await Promise.all(
      Array.from({ length: nodes }, (_, node) =>
        loadShard({
          model: model.dir,
          engine: 'tfjs-wasm',
          layers: { from: node, to: node === nodes - 1 ? 3 : node + 1 },
        }),
      ),
    )
    expect(shards.map((shard) => [shard.embeds, shard.tail])).toEqual(
      shards.map((_, node) => [node === 0, node === nodes - 1]),
    )
    const chain = chainOf(shards)
    expect(await chain.forward(0, ids)).toEqual(alone)
    await chain.close()
  })

  it('do not remember rows that were rolled back', async () => {
    const session = whole.openSession()
    await session.forward({ start: 0, input: { kind: 'ids', ids: ids.slice(0, 30) } })
    const wrong = ids.slice(30, 38).map((id) => (id + 1) % 96)
    await session.forward({ start: 30, input: { kind: 'ids', ids: wrong } })
    expect(session.length).toBe(38)
    const again = await session.forward({ start: 30, input: { kind: 'ids', ids: ids.slice(30, 33) } })
    expect(session.length).toBe(33)
    expect(again.kind === 'logits' && again.logits).toEqual(alone.slice(30 * 96, 33 * 96))
  })

  it('are found invariant by the probe, which the manifest quotes', () => {
    expect(whole.engine.rowInvariance).toEqual({ holds: true, windows: [2, 3, 5, 9], largestDifference: 0 })
  })
})

describe('a tail', () => {
  it('computes only the logits that are asked for', async () => {
    await using model = await randomLlama()
    await using shard = await loadModel({ model: model.dir, engine: 'tfjs-wasm' })
    const all = await logitsOf(shard, ids.slice(0, 6))
    const session = shard.openSession()
    const rowsFrom = async (logitsFrom: number) => {
      const output = await session.forward({ start: 0, input: { kind: 'ids', ids: ids.slice(0, 6) }, logitsFrom })
      return output.kind === 'logits' ? [output.rows, output.logits] : output.kind
    }
    expect(await rowsFrom(4)).toEqual([2, all.slice(4 * 96)])
    expect(await rowsFrom(6)).toEqual([0, new Float32Array(0)])
    expect(await rowsFrom(9)).toEqual([0, new Float32Array(0)])
  })
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

const largestGap = (left: Float32Array, right: readonly number[]): number =>
  left.reduce((largest, value, i) => Math.max(largest, Math.abs(value - (right[i] ?? Number.NaN))), 0)
