import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  autoWindow,
  confidenceStop,
  constantCostWindow,
  emaWindow,
  fixedWindow,
  inProcessTarget,
  modelDrafter,
  PURPOSE,
  type RecordedPass,
  replayText,
  speculative,
  synchronousRate,
  type TimedChain,
  uniform53,
  type WindowPolicy,
} from '../../src/index.ts'
import { hashShard, hashShards } from '../fixtures/hash-model.ts'
import { resolveTestRule } from '../fixtures/rules.ts'

const GAMMAS = Array.from({ length: 17 }, (_, gamma) => gamma)

/** A long text whose drafts match independently with chance `alpha`. */
function flatPass(alpha: number, tokens: number): RecordedPass {
  const text = Array.from({ length: tokens }, () => 1)
  const drafts = text.map((_, position) =>
    uniform53({ seed: 5, purpose: PURPOSE.WORKLOAD, sequence: 0, position, index: 0 }) < alpha ? 1 : 2,
  )
  return { promptTokens: 30, text, drafts, maxLength: 30 + tokens + 40 }
}

function chainOf(latencyMs: number, bandwidthMbps: number): TimedChain {
  return {
    nodes: 4,
    hiddenSize: 1024,
    network: { links: { latencyMs, bandwidthMbps } },
    compute: { baseMs: 5, perRowMs: 0.5 },
    draftStepMs: 2,
  }
}

describe('a chosen window', () => {
  it.each([
    [0.2, chainOf(5, 50), false],
    [0.5, chainOf(5, 5), false],
    [0.8, chainOf(60, 200), false],
    [0.95, chainOf(120, 500), false],
    [0.8, { ...chainOf(5, 200), draftStepMs: 12 }, true],
    [0.95, { ...chainOf(20, 200), draftStepMs: 15 }, true],
  ])('settles where the cost model says, acceptance %d', (alpha, chain, draftAhead) => {
    const rounds = replayText({ pass: flatPass(alpha, 3000), window: autoWindow(), chain, draftAhead })
    const rates = GAMMAS.map((gamma) => synchronousRate(chain, alpha, gamma, { draftAhead }))
    const late = rounds.slice(200).map(({ drafted }) => rates[drafted] ?? 0)
    const mean = late.reduce((sum, rate) => sum + rate, 0) / late.length
    expect(mean / Math.max(...rates)).toBeGreaterThan(0.97)
  })

  it('follows a network that changes within 30 rounds, both ways', () => {
    for (const [before, after] of [
      [chainOf(5, 200), chainOf(100, 200)],
      [chainOf(100, 200), chainOf(5, 200)],
    ] as const) {
      const chain = ({ index }: { readonly index: number }): TimedChain => (index < 150 ? before : after)
      const rounds = replayText({ pass: flatPass(0.85, 3000), window: autoWindow(), chain })
      const rates = GAMMAS.map((gamma) => synchronousRate(after, 0.85, gamma))
      const share = (from: number, to: number): number =>
        rounds.slice(from, to).filter(({ drafted }) => (rates[drafted] ?? 0) > 0.95 * Math.max(...rates)).length /
        (to - from)
      expect(share(140, 150)).toBeLessThan(0.5)
      expect(share(180, 280)).toBeGreaterThan(0.9)
    }
  })

  it('does not draft at all where a round of two costs more than two rounds', () => {
    const chain: TimedChain = { ...chainOf(1, 1000), compute: { baseMs: 0, perRowMs: 50 }, draftStepMs: 30 }
    const rounds = replayText({ pass: flatPass(0.6, 1000), window: autoWindow(), chain })
    expect(rounds.slice(300).filter(({ drafted }) => drafted === 0).length).toBeGreaterThan(0.9 * (rounds.length - 300))
  })

  it('a moving average that has given up drafting finds out when drafts are right again', () => {
    const { plan, observe } = emaWindow()()
    const decode = (rounds: number, agrees: boolean): number[] =>
      Array.from({ length: rounds }, (_, index) => {
        const { gamma } = plan()
        const nowhere = { startMs: 0, computeMs: [], queueMs: [], linkMs: [], returnMs: 0 }
        const timing = { ...nowhere, totalMs: 10 + gamma, draftMs: gamma }
        const round = { index, committedBefore: 0, rows: gamma + 1, forced: 0, retries: 0, draftSteps: gamma, timing }
        observe({ ...round, accepted: agrees ? gamma : 0 })
        return gamma
      })
    expect(decode(200, false).at(-2)).toBe(0)
    expect(decode(1000, true).at(-1)).toBeGreaterThan(3)
  })

  it('a moving average that begins without drafts drafts one in its 16th round', () => {
    const { plan, observe } = emaWindow({ firstGamma: 0 })()
    const timing = { startMs: 0, computeMs: [10], queueMs: [0], linkMs: [], returnMs: 0, totalMs: 10, draftMs: 0 }
    const gammas = Array.from({ length: 16 }, (_, index) => {
      const { gamma } = plan()
      observe({
        index,
        committedBefore: 0,
        rows: gamma + 1,
        forced: 0,
        retries: 0,
        draftSteps: gamma,
        accepted: 0,
        timing,
      })
      return gamma
    })
    expect(gammas).toEqual([...Array.from({ length: 15 }, () => 0), 1])
  })

  it('refuses what is no window', () => {
    expect(() => autoWindow({ maxGamma: 1.5 })).toThrow(/1\.5 is not a window size/)
    expect(() => emaWindow({ firstGamma: -1 })).toThrow(/-1 is not a window size/)
  })
})

describe('under a lossless rule', () => {
  const model = { layers: 4, vocabSize: 12, maxLength: 64 }
  const target = inProcessTarget({
    name: 'hash',
    shards: hashShards(model, 2),
    resolveRule: resolveTestRule,
    eos: [5],
    network: { links: { latencyMs: 7 } },
    draftStepMs: 1,
  })
  const drafter = modelDrafter({ name: 'draft', compute: hashShard(model, { from: 0, to: model.layers }) })
  const textUnder = async (window: WindowPolicy, seed: number): Promise<number[]> => {
    const request = { target, drafter, window, prompt: [seed % 12, 3], seed, sampling: { temperature: 1 } }
    const text: number[] = []
    for await (const { tokens } of speculative({ ...request, rule: { name: 'coupled' } })) text.push(...tokens)
    return text
  }

  it('no controller changes a token', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(500), async (seed) => {
        const plain = await textUnder(fixedWindow(0), seed)
        for (const window of [
          autoWindow(),
          emaWindow(),
          constantCostWindow(),
          fixedWindow(3),
          confidenceStop({ gamma: 6, threshold: 0.3 }),
        ]) {
          expect(await textUnder(window, seed)).toEqual(plain)
        }
      }),
      { seed: 3, numRuns: 15 },
    )
  })
})
