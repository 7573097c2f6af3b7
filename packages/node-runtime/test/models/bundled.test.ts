import { beforeAll, describe, expect, it } from 'vitest'
import { loadModel } from '../../src/engines/load-shard.ts'
import { type ModelSource, openModel } from '../../src/models/model-source.ts'
import { firstDifference } from '../../src/tokenizers/same-tokenizer.ts'

describe('the bundled pair', () => {
  let target: ModelSource
  let draft: ModelSource
  beforeAll(async () => {
    target = await openModel('bundled:lab-target')
    draft = await openModel('bundled:lab-draft')
  })

  it('is a target that 8 nodes can share and a draft model at least 8 times smaller, in less than 16 MB', () => {
    expect([target.bundled, draft.bundled]).toEqual([true, true])
    expect(target.config.layers).toBeGreaterThanOrEqual(8)
    expect(draft.parameters * 8).toBeLessThanOrEqual(target.parameters)
    expect(target.weightBytes + draft.weightBytes).toBeLessThan(16e6)
  })

  it('has one tokenizer, which the vocabulary of both models covers', async () => {
    const [left, right] = await Promise.all([target.tokenizer(), draft.tokenizer()])
    expect(firstDifference(left, right)).toBeUndefined()
    expect(left.size).toBeLessThanOrEqual(target.config.vocabSize)
    expect(draft.config.vocabSize).toBe(target.config.vocabSize)
    const text = 'function f(xs) {\n  return xs.filter((x) => x > 12)\n}'
    expect(left.decode(left.encode(text))).toBe(text)
    expect(target.config.eos.map((id) => left.specialIds.has(id))).toEqual(target.config.eos.map(() => true))
  })

  it.each(['bundled:lab-target', 'bundled:lab-draft'])(
    'gives every row of %s the same bits in any window',
    async (model) => {
      await using shard = await loadModel({ model, engine: 'tfjs-wasm' })
      expect(shard.engine.rowInvariance).toEqual({ holds: true, windows: [2, 3, 5, 9], largestDifference: 0 })
    },
  )
})
