import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { argmaxLogit, softmaxProbability } from '../../src/distribution/logits.ts'
import { quantise } from '../../src/distribution/quantise.ts'
import { sampleToken } from '../../src/distribution/sample.ts'
import { warp } from '../../src/distribution/warp.ts'
import { confidenceStop } from '../../src/drafting/confidence-stop.ts'
import type { DraftSessionRequest } from '../../src/drafting/drafter.ts'
import { fixedWindow } from '../../src/drafting/fixed-window.ts'
import { modelDrafter } from '../../src/drafting/model-drafter.ts'
import { draftNoise, sequenceNoise } from '../../src/random/noise.ts'
import { hashLogits, hashModel } from './hash-model.ts'

const VOCAB = 40
const base: DraftSessionRequest = {
  seed: 5,
  sequence: 2,
  sampling: { temperature: 0 },
  drafting: 'coupled',
  needs: 'ids',
}
const open = (change: Partial<DraftSessionRequest> = {}) =>
  modelDrafter({ compute: hashModel({ vocabSize: VOCAB }), name: 'hash' }).open({ ...base, ...change })

describe('modelDrafter', () => {
  it('drafts from the committed text alone, whatever was kept, rejected or dropped before', async () => {
    // Each round: how far to draft, how many drafts the target keeps, and the token that it adds.
    const rounds = fc.array(fc.tuple(fc.nat(5), fc.nat(5), fc.nat(VOCAB - 1)), { minLength: 1, maxLength: 12 })
    await fc.assert(
      fc.asyncProperty(rounds, async (plan) => {
        const session = await open()
        const text = [3, 1, 4]
        for (const [gamma, kept, next] of plan) {
          const { tokens } = await session.propose(text, { gamma })
          const expected: number[] = []
          while (expected.length < gamma) expected.push(argmaxLogit(hashLogits([...text, ...expected], VOCAB)))
          expect(tokens).toEqual(expected)
          text.push(...tokens.slice(0, kept), next)
        }
      }),
      { seed: 14, numRuns: 60 },
    )
  })

  it.each([0, 0.8])(
    'says along a known text what it would have drafted place by place, at temperature %d',
    async (temperature) => {
      const id = fc.nat(VOCAB - 1)
      const contexts = fc.array(id, { minLength: 1, maxLength: 5 })
      await fc.assert(
        fc.asyncProperty(contexts, fc.array(id, { maxLength: 80 }), async (context, text) => {
          const request = { sampling: { temperature } }
          const along = await (await open(request)).proposeAlong?.(context, text)
          const session = await open(request)
          const oneByOne: number[] = []
          for (const place of text.keys()) {
            const { tokens } = await session.propose([...context, ...text.slice(0, place)], { gamma: 1 })
            oneByOne.push(...tokens)
          }
          expect(along).toEqual(oneByOne)
        }),
        { seed: 15, numRuns: 30 },
      )
    },
  )

  it('computes only what its cache lacks: one row after a rejection, two after a fully kept window', async () => {
    const compute = hashModel({ vocabSize: VOCAB })
    const session = await modelDrafter({ compute, name: 'hash' }).open(base)
    const text = [3, 1, 4]
    const first = await session.propose(text, { gamma: 3 })
    const afterRejection = [...text, ...first.tokens.slice(0, 1), 39]
    const second = await session.propose(afterRejection, { gamma: 3 })
    await session.propose([...afterRejection, ...second.tokens, 38], { gamma: 3 })
    expect(compute.rowsFed).toEqual([3, 1, 1, /**/ 1, 1, 1, /**/ 2, 1, 1])
    expect([first.steps, second.steps]).toEqual([3, 3])
  })

  it('draws with the noise of the target when coupled, and with its own when sampled', async () => {
    const sampling = { temperature: 1 }
    const text = [7, 7]
    const law = warp(hashLogits(text, VOCAB), sampling)
    const coupled = await (await open({ sampling })).propose(text, { gamma: 1 })
    expect(coupled.tokens[0]).toBe(sampleToken(law, sequenceNoise(base).at(2).target))
    const sampled = await (await open({ sampling, drafting: 'sampled' })).propose(text, { gamma: 1 })
    expect(sampled.tokens[0]).toBe(sampleToken(law, draftNoise({ ...base, drafting: 'sampled' }).at(2)))
    const greedy = await (await open({ sampling, drafting: 'greedy' })).propose(text, { gamma: 1 })
    expect(greedy.tokens[0]).toBe(argmaxLogit(hashLogits(text, VOCAB)))
  })

  it('sends the very law that it samples from: truncated and quantised, then drawn', async () => {
    const sampling = { temperature: 1 }
    const request = { ...base, sampling, drafting: 'sampled', needs: 'distribution' } as const
    const session = await modelDrafter({ compute: hashModel({ vocabSize: VOCAB }), name: 'hash', support: 4 }).open(
      request,
    )
    const { tokens, distributions = [] } = await session.propose([9], { gamma: 5 })
    expect(distributions.length).toBe(5)
    for (const [index, law] of distributions.entries()) {
      const context = [9, ...tokens.slice(0, index)]
      const expected = quantise(warp(hashLogits(context, VOCAB), sampling), 4)
      expect([...law.ids]).toEqual([...expected.ids])
      expect([...law.probabilities]).toEqual([...expected.probabilities])
      expect(tokens[index]).toBe(sampleToken(expected, draftNoise(request).at(1 + index)))
    }
  })

  it('sends a point mass for a draft that chance had no part in', async () => {
    const session = await open({ sampling: { temperature: 1 }, drafting: 'greedy', needs: 'distribution' })
    const { tokens, distributions } = await session.propose([9], { gamma: 2 })
    expect(distributions?.map((law) => [...law.ids])).toEqual(tokens.map((token) => [token]))
  })

  it('sends at temperature 0 the law at temperature 1 that its most likely token comes from', async () => {
    for (const drafting of ['greedy', 'coupled', 'sampled'] as const) {
      const session = await open({ needs: 'distribution', drafting })
      const { tokens, distributions = [] } = await session.propose([9], { gamma: 4 })
      expect(distributions.length).toBe(4)
      for (const [index, law] of distributions.entries()) {
        const logits = hashLogits([9, ...tokens.slice(0, index)], VOCAB)
        const expected = quantise(warp(logits, { temperature: 1 }))
        expect([...law.probabilities]).toEqual([...expected.probabilities])
        expect(tokens[index]).toBe(argmaxLogit(logits))
        expect(law.ids[0]).toBe(tokens[index])
      }
    }
  })

  it('tells its probability at temperature 1, and stops after a doubtful token without leaving it out', async () => {
    const text = [2, 3]
    const { tokens, confidences = [] } = await (await open()).propose(text, { gamma: 6 })
    for (const [index, confidence] of confidences.entries()) {
      const logits = hashLogits([...text, ...tokens.slice(0, index)], VOCAB)
      expect(confidence).toBe(softmaxProbability(logits, tokens[index] ?? 0))
    }
    const threshold = [...confidences].sort((a, b) => a - b)[1] ?? 0
    const doubtful = confidences.findIndex((confidence) => confidence < threshold)
    const plan = confidenceStop({ gamma: 6, threshold })().plan()
    const stopped = await (await open()).propose(text, plan)
    expect(stopped.tokens).toEqual(tokens.slice(0, doubtful + 1))
    expect(stopped.steps).toBe(doubtful + 1)
  })

  it('drafts nothing for gamma 0, and never past the end of its cache', async () => {
    const compute = hashModel({ vocabSize: VOCAB, maxLength: 6 })
    const session = await modelDrafter({ compute, name: 'hash' }).open(base)
    expect(await session.propose([1, 2, 3, 4], fixedWindow(0)().plan())).toMatchObject({ tokens: [], steps: 0 })
    expect((await session.propose([1, 2, 3, 4], { gamma: 9 })).tokens.length).toBe(3)
    expect((await session.propose([1, 2, 3, 4, 5, 6, 7], { gamma: 9 })).tokens).toEqual([])
  })

  it('refuses part of a model', () => {
    const part = { ...hashModel({ vocabSize: VOCAB }), tail: false }
    expect(() => modelDrafter({ compute: part, name: 'half' })).toThrowError(/draft model must be whole/)
  })
})

describe('window controllers', () => {
  it('plan what they were asked for', () => {
    expect(fixedWindow(4)().plan()).toEqual({ gamma: 4 })
    expect(confidenceStop({ gamma: 8, threshold: 0.3 })().plan()).toEqual({ gamma: 8, stopBelow: 0.3 })
  })

  it('refuse sizes and thresholds that mean nothing', () => {
    expect(() => fixedWindow(-1)).toThrowError(/-1 is not a window size/)
    expect(() => fixedWindow(1.5)).toThrowError(/not a window size/)
    expect(() => confidenceStop({ gamma: 4, threshold: 1 })).toThrowError(/1 is not a confidence/)
  })
})
