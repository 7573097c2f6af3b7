import { greedySampling } from '@dsd-lab/core'
import { describe, expect, it } from 'vitest'
import { loadDrafter } from '../../src/engines/load-drafter.ts'
import { loadModel } from '../../src/engines/load-shard.ts'
import { randomLlama } from '../models/random-llama.ts'
import { logitsOf } from './chain-of-shards.ts'

describe('a drafter over a model folder', () => {
  it('drafts what the model itself finds most likely', async () => {
    await using model = await randomLlama()
    await using shard = await loadModel({ model: model.dir, engine: 'tfjs-wasm' })
    await using drafter = await loadDrafter({ model: model.dir, engine: 'tfjs-wasm' })
    expect(drafter.name).toBe(model.dir)
    const session = await drafter.open({
      seed: 1,
      sequence: 0,
      sampling: greedySampling,
      drafting: 'coupled',
      needs: 'ids',
    })
    const context = [3, 1, 4, 1, 5]
    const { tokens } = await session.propose(context, { gamma: 5 })
    await session.close()
    expect(tokens).toHaveLength(5)
    const logits = await logitsOf(shard, [...context, ...tokens])
    const likeliest = tokens.map((_, i) => {
      const row = logits.subarray((context.length - 1 + i) * 96, (context.length + i) * 96)
      return row.indexOf(Math.max(...row))
    })
    expect(tokens).toEqual(likeliest)
  })
})
