import { describe, expect, it } from 'vitest'
import {
  acceptanceByPlace,
  autoregressiveRate,
  bestWindow,
  type ChainCosts,
  costRound,
  inProcessTarget,
  meanLink,
  meanRoundMs,
  noTotals,
  PassReplay,
  PURPOSE,
  predictedSpeedup,
  type RecordedPass,
  RoundTimer,
  roundLoad,
  synchronousRate,
  tokensPerRound,
  uniform53,
} from '../../src/index.ts'
import { hashShards } from '../fixtures/hash-model.ts'
import { resolveTestRule } from '../fixtures/rules.ts'

const chain: ChainCosts = {
  nodes: 4,
  hiddenSize: 256,
  network: { links: { latencyMs: 20 } },
  compute: { baseMs: 5, perRowMs: 0.5 },
  draftStepMs: 2,
}

describe('tokens of a round', () => {
  it('are (1 - a^(g+1)) / (1 - a) for an acceptance that is the same everywhere', () => {
    for (const alpha of [0.3, 0.8, 0.95]) {
      for (const gamma of [0, 1, 4, 12]) {
        expect(tokensPerRound(alpha, gamma)).toBeCloseTo((1 - alpha ** (gamma + 1)) / (1 - alpha), 12)
      }
    }
  })

  it('sum the products of the places, the last place standing for all later ones', () => {
    expect(tokensPerRound([0.5, 0.4], 3)).toBeCloseTo(1 + 0.5 + 0.2 + 0.08, 12)
    expect(() => tokensPerRound(1.2, 3)).toThrow(/not a chance/)
  })

  it('count no place behind the end of a text as rejected', () => {
    const ended = { drafted: 4, accepted: 2, committed: 2 }
    expect(acceptanceByPlace([ended])).toEqual([1, 1].map((kept) => ({ tried: 1, kept })))
    expect(acceptanceByPlace([{ ...ended, committed: 3 }])).toEqual([1, 1, 0].map((kept) => ({ tried: 1, kept })))
  })

  it('are those of the rounds that the acceptance was counted in', () => {
    const rounds = [3, 0, 2, 3, 1, 1, 0, 3, 2, 2].map((accepted) => ({ drafted: 3, accepted }))
    const counts = acceptanceByPlace(rounds)
    expect(counts.map(({ tried }) => tried)).toEqual([10, 8, 6])
    const mean = rounds.reduce((sum, { accepted }) => sum + accepted + 1, 0) / rounds.length
    expect(
      tokensPerRound(
        counts.map(({ tried, kept }) => kept / tried),
        3,
      ),
    ).toBeCloseTo(mean, 12)
  })
})

describe('the general cost model', () => {
  it('adds up drafting, compute, links and the way back', () => {
    expect(meanRoundMs(chain, 4)).toBe(4 * 2 + 4 * (5 + 5 * 0.5) + 5 * 20)
    expect(autoregressiveRate(chain)).toBeCloseTo(1000 / (4 * 5.5 + 5 * 20), 9)
    expect(synchronousRate(chain, 0.8, 4)).toBeCloseTo((1000 * tokensPerRound(0.8, 4)) / meanRoundMs(chain, 4), 9)
    expect(predictedSpeedup(chain, 0.8, 4)).toBeCloseTo((tokensPerRound(0.8, 4) * 122) / 138, 9)
  })

  it('counts a thin link by the bytes of the window', () => {
    const thin = { ...chain, network: { links: { latencyMs: 20, bandwidthMbps: 1 } } }
    const { bytes } = costRound({ ...thin, load: roundLoad({ rows: 5, forced: 0, draftSteps: 4 }) })
    const onWires = [...bytes.forward, bytes.verdict].reduce((sum, one) => sum + (8 * one) / 1000, 0)
    expect(meanRoundMs(thin, 4)).toBeCloseTo(meanRoundMs(chain, 4) + onWires, 2)
  })

  it('has the mean of many rounds over jitter and loss', () => {
    const link = { latencyMs: 10, jitterMs: 4, loss: 0.2 }
    const noisy = { ...chain, network: { links: link } }
    const load = roundLoad({ rows: 1, forced: 0, draftSteps: 0 })
    const rounds = 4000
    const times = Array.from(
      { length: rounds },
      (_, sequence) => costRound({ ...noisy, network: { links: link, seed: 9 }, load, sequence }).timing.totalMs,
    )
    const mean = times.reduce((sum, ms) => sum + ms, 0) / rounds
    const deviation = Math.sqrt(times.reduce((sum, ms) => sum + (ms - mean) ** 2, 0) / rounds / rounds)
    expect(Math.abs(mean - meanRoundMs(noisy, 0))).toBeLessThan(4 * deviation)
    expect(meanLink(link).latencyMs).toBeGreaterThan(10 + 0.2 * 220)
  })

  it('is what rounds take on average where drafts are made ahead, whether the drafter or the chain is the slower one', () => {
    const drawn: RecordedPass = {
      promptTokens: 1,
      text: Array.from({ length: 60_000 }, () => 1),
      drafts: Array.from({ length: 60_000 }, (_, position) =>
        uniform53({ seed: 3, purpose: PURPOSE.WORKLOAD, sequence: 0, position, index: 0 }) < 0.9 ? 1 : 2,
      ),
      maxLength: 70_000,
    }
    for (const draftStepMs of [4, 9, 40]) {
      const slower = { ...chain, draftStepMs }
      const totals = noTotals()
      new PassReplay(drawn).replay(4, new RoundTimer(slower), totals, { draftAhead: true })
      const rate = (1e6 * drawn.text.length) / totals.totalUs
      // Rounds that all take the same find the pass under way always as far done, not half done on average.
      expect(Math.abs(rate / synchronousRate(slower, 0.9, 4, { draftAhead: true }) - 1)).toBeLessThan(0.025)
      expect(rate).toBeGreaterThan(1.02 * synchronousRate(slower, 0.9, 4))
    }
  })

  it('finds the best window: long on slow links, none with a hopeless draft', () => {
    const slow = bestWindow({ ...chain, network: { links: { latencyMs: 200 } } }, 0.85)
    const quick = bestWindow({ ...chain, network: { links: { latencyMs: 1 } } }, 0.85)
    expect(slow.gamma).toBeGreaterThan(quick.gamma)
    expect(slow.speedup).toBe(predictedSpeedup({ ...chain, network: { links: { latencyMs: 200 } } }, 0.85, slow.gamma))
    expect(bestWindow(chain, 0)).toEqual({ gamma: 0, speedup: 1 })
  })
})

describe('impossible costs', () => {
  const open = (costs: object) => () =>
    inProcessTarget({
      name: 'hash',
      shards: hashShards({ layers: 2, vocabSize: 8, maxLength: 16 }, 2),
      resolveRule: resolveTestRule,
      eos: [],
      ...costs,
    })

  it.each([
    [{ network: { links: { latencyMs: -1 } } }, /latencyMs -1/],
    [{ network: { links: { latencyMs: 5, jitterMs: 6 } } }, /jitterMs 6/],
    [{ network: { links: { latencyMs: 5, bandwidthMbps: 0 } } }, /bandwidthMbps 0/],
    [{ network: { links: { latencyMs: 5, loss: 0.9 } } }, /loss 0.9/],
    [{ network: { links: [{ latencyMs: 5 }] } }, /1 entries/],
    [{ compute: { baseMs: Number.NaN, perRowMs: 0 } }, /baseMs NaN/],
    [{ compute: [{ baseMs: 1, perRowMs: 0 }] }, /1 entries/],
  ])('%j is refused', (costs, message) => {
    expect(open(costs)).toThrow(message)
  })
})
