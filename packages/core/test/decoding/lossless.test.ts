import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  autoregressive,
  type Commit,
  fixedWindow,
  inProcessTarget,
  modelDrafter,
  type Sampling,
  speculative,
} from '../../src/index.ts'
import { goldenText } from '../fixtures/golden.ts'
import { hashShard, hashShards } from '../fixtures/hash-model.ts'
import { resolveTestRule } from '../fixtures/rules.ts'

const model = { layers: 6, vocabSize: 24, maxLength: 96 }
const whole = hashShard(model, { from: 0, to: model.layers })
const rule = { name: 'coupled' }

const textOf = async (prompt: readonly number[], commits: AsyncIterable<Commit>): Promise<number[]> => {
  const text = [...prompt]
  for await (const commit of commits) {
    expect(commit.position).toBe(text.length)
    text.push(...commit.tokens)
  }
  return text
}

describe('a lossless rule', () => {
  it('gives the text of plain decoding for every number of nodes, window, temperature and chunk size', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          nodes: fc.integer({ min: 1, max: 6 }),
          gamma: fc.integer({ min: 0, max: 7 }),
          temperature: fc.constantFrom(0, 0.8, 2),
          seed: fc.nat(),
          prompt: fc.array(fc.nat(model.vocabSize - 1), { minLength: 1, maxLength: 30 }),
          maxRows: fc.constantFrom(9, 13, 1024),
          maxTokens: fc.integer({ min: 1, max: 40 }),
          eos: fc.subarray([1, 2, 3]),
          perfect: fc.boolean(),
        }),
        async ({ nodes, gamma, temperature, seed, prompt, maxRows, maxTokens, eos, perfect }) => {
          const sampling: Sampling = { temperature }
          const golden = await goldenText({
            model: whole,
            rule: resolveTestRule(rule, { vocabSize: model.vocabSize, temperature }),
            prompt,
            sampling,
            seed,
            eos,
            maxLength: prompt.length + maxTokens,
          })
          const shards = hashShards(model, nodes)
          const target = inProcessTarget({ name: 'hash', shards, resolveRule: resolveTestRule, eos, maxRows })
          const drafter = modelDrafter({
            name: 'draft',
            compute: perfect ? whole : hashShard({ ...model, layers: 1 }, { from: 0, to: 1 }),
          })
          const request = { target, prompt, seed, sampling, maxTokens }
          expect(await textOf(prompt, autoregressive(request))).toEqual(golden)
          const window = fixedWindow(gamma)
          expect(await textOf(prompt, speculative({ ...request, drafter, rule, window }))).toEqual(golden)
        },
      ),
      { seed: 1, numRuns: 60 },
    )
  })
})
