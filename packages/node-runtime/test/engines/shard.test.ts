import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { ForwardRequest } from '@dsd-lab/core'
import tf from '@tensorflow/tfjs-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadModel, loadShard } from '../../src/engines/load-shard.ts'
import type { ShardEngine } from '../../src/engines/shard-engine.ts'
import { openModel } from '../../src/models/model-source.ts'
import { type RandomLlama, randomLlama } from '../models/random-llama.ts'
import { logitsOf } from './chain-of-shards.ts'

const engine = 'tfjs-wasm'
let model: RandomLlama
beforeAll(async () => {
  model = await randomLlama({ files: 3 })
})
afterAll(() => model[Symbol.asyncDispose]())

describe('tensors', () => {
  it('number the same after a thousand rounds', async () => {
    await using shard = await loadModel({ model: model.dir, engine })
    const before = { tensors: tf.memory().numTensors, bytes: tf.memory().numBytes }
    const session = shard.openSession()
    for (let round = 0; round < 1000; round++) {
      const start = round % 100
      const ids = Array.from({ length: 1 + (round % 9) }, (_, row) => (round + row) % 96)
      await session.forward({ start: Math.min(start, session.length), input: { kind: 'ids', ids } })
    }
    expect({ tensors: tf.memory().numTensors, bytes: tf.memory().numBytes }).toEqual(before)
  })

  it('of a shard are freed with it', async () => {
    const before = tf.memory().numTensors
    const shard = await loadModel({ model: model.dir, engine })
    expect(tf.memory().numTensors).toBeGreaterThan(before)
    await shard[Symbol.asyncDispose]()
    expect(tf.memory().numTensors).toBe(before)
  })
})

describe('a shard', () => {
  it('reads no file that holds none of its tensors', async () => {
    await using broken = await randomLlama({ files: 3 })
    const source = await openModel(broken.dir)
    await rm(join(broken.dir, 'model-00001-of-00003.safetensors'))
    await using middle = await loadShard({ model: source, engine, layers: { from: 1, to: 2 } })
    expect([middle.embeds, middle.tail, middle.hiddenSize]).toEqual([false, false, 48])
    await expect(loadShard({ model: source, engine, layers: { from: 0, to: 1 } })).rejects.toThrow('cannot be opened')
  })

  it.each([
    [0, 4],
    [2, 2],
    [-1, 2],
    [0.5, 2],
  ])('of layers [%d, %d) is refused', async (from, to) => {
    await expect(loadShard({ model: model.dir, engine, layers: { from, to } })).rejects.toMatchObject({
      line: `${model.dir}: layers [${from}, ${to}) are not in a model of 3 layers; give a range from:to with 0 <= from < to <= 3`,
    })
  })
})

describe('a request that cannot be computed is refused', () => {
  const ids = (...list: number[]) => ({ kind: 'ids', ids: list }) as const
  const hidden = (rows: number, length: number) => ({ kind: 'hidden', rows, hidden: new Float32Array(length) }) as const
  let head: ShardEngine
  let tail: ShardEngine
  beforeAll(async () => {
    head = await loadShard({ model: model.dir, engine, layers: { from: 0, to: 1 } })
    tail = await loadShard({ model: model.dir, engine, layers: { from: 2, to: 3 } })
  })
  afterAll(async () => {
    await head[Symbol.asyncDispose]()
    await tail[Symbol.asyncDispose]()
  })

  const cases: [string, 'head' | 'tail', ForwardRequest, string][] = [
    [
      'a gap in the cache',
      'head',
      { start: 1, input: ids(3) },
      'rows from position 1 leave a gap after the 0 cached ones',
    ],
    ['a negative start', 'head', { start: -1, input: ids(3) }, 'rows from position -1 leave a gap'],
    [
      'an id beyond the vocabulary',
      'head',
      { start: 0, input: ids(3, 96) },
      'token id 96 is outside the vocabulary of 96',
    ],
    [
      'a text longer than the model',
      'head',
      { start: 0, input: ids(...Array(129).fill(1)) },
      "129 positions exceed the model's 128",
    ],
    ['hidden states at the head', 'head', { start: 0, input: hidden(1, 48) }, 'takes token ids, not hidden states'],
    ['ids at another shard', 'tail', { start: 0, input: ids(3) }, 'only the first shard takes token ids'],
    [
      'rows of another width',
      'tail',
      { start: 0, input: hidden(2, 48) },
      '2 rows of 48 values expected, got 48 values',
    ],
  ]
  it.each(cases)('%s', async (_, where, request, message) => {
    const session = (where === 'head' ? head : tail).openSession()
    await expect(session.forward(request)).rejects.toThrow(message)
    expect(session.length).toBe(0)
  })

  it('a session that was closed', async () => {
    const session = head.openSession()
    session.close()
    await expect(session.forward({ start: 0, input: ids(3) })).rejects.toThrow('the session is closed')
  })
})

describe('two engines in one process', () => {
  it('take turns without mixing up their tensors', async () => {
    await using wasm = await loadModel({ model: model.dir, engine: 'tfjs-wasm' })
    await using cpu = await loadModel({ model: model.dir, engine: 'tfjs-cpu' })
    const texts = Array.from({ length: 6 }, (_, i) => [i + 1, 2 * i + 3, 5])
    const alone: Float32Array[] = []
    for (const text of texts) alone.push(await logitsOf(wasm, text), await logitsOf(cpu, text))
    const together = await Promise.all(texts.flatMap((text) => [logitsOf(wasm, text), logitsOf(cpu, text)]))
    expect(together).toEqual(alone)
  })
})
