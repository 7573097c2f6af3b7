import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  autoWindow,
  drawPass,
  fixedWindow,
  type MatchStatistics,
  measureMatches,
  noTotals,
  PassReplay,
  type RecordedPass,
  RoundTimer,
  replayRounds,
  replayText,
  simulate,
  type TimedChain,
} from '../../src/index.ts'

const link = fc.record({
  latencyMs: fc.double({ min: 5, max: 80, noNaN: true }),
  jitterMs: fc.double({ min: 0, max: 5, noNaN: true }),
  bandwidthMbps: fc.double({ min: 0.5, max: 100, noNaN: true }),
  loss: fc.double({ min: 0, max: 0.3, noNaN: true }),
})
const chain = fc.integer({ min: 1, max: 6 }).chain((nodes) =>
  fc.record({
    nodes: fc.constant(nodes),
    hiddenSize: fc.constant(64),
    network: fc.record({ links: fc.array(link, { minLength: nodes + 1, maxLength: nodes + 1 }), seed: fc.nat() }),
    compute: fc.array(
      fc.record({
        baseMs: fc.double({ min: 0, max: 20, noNaN: true }),
        perRowMs: fc.double({ min: 0, max: 2, noNaN: true }),
      }),
      { minLength: nodes, maxLength: nodes },
    ),
    draftStepMs: fc.double({ min: 0, max: 5, noNaN: true }),
  }),
)
const pass = fc
  .record({
    promptTokens: fc.constantFrom(1, 40, 1500),
    matches: fc.array(fc.boolean(), { minLength: 1, maxLength: 40 }),
  })
  .map(
    ({ promptTokens, matches }): RecordedPass => ({
      promptTokens,
      text: matches.map(() => 1),
      drafts: matches.map((match) => (match ? 1 : 2)),
      maxLength: promptTokens + 64,
    }),
  )

/** Agreement in long runs, broken by pairs of mismatches. */
const inRuns: RecordedPass = {
  promptTokens: 20,
  text: Array.from({ length: 120 }, () => 1),
  drafts: Array.from({ length: 120 }, (_, place) => (place % 12 < 2 ? 2 : 1)),
  maxLength: 300,
}
const longer = (times: number): Pick<RecordedPass, 'text' | 'drafts'> => ({
  text: Array.from({ length: times }, () => inRuns.text).flat(),
  drafts: Array.from({ length: times }, () => inRuns.drafts).flat(),
})
const even = (nodes: number): TimedChain => ({
  nodes,
  hiddenSize: 64,
  network: { links: { latencyMs: 20 } },
  compute: { baseMs: 10, perRowMs: 0.5 },
  draftStepMs: 1,
})

describe('a simulation', () => {
  it('of one text takes what its replay takes, to the microsecond, whatever the chain', () => {
    fc.assert(
      fc.property(chain, pass, fc.integer({ min: 0, max: 9 }), fc.boolean(), (chain, text, gamma, draftAhead) => {
        const totals = noTotals()
        new PassReplay(text).replay(gamma, new RoundTimer(chain), totals, { draftAhead })
        const { texts, totalMs } = simulate({ chain, texts: [text, text], window: fixedWindow(gamma), draftAhead })
        expect(Math.round(1000 * (texts[0]?.endMs ?? 0))).toBe(totals.totalUs)
        expect(totalMs).toBe(texts[1]?.endMs)
        expect(texts[0]).toMatchObject({ rounds: totals.rounds, tokens: text.text.length })
        expect(Math.round(1000 * (texts[0]?.firstTokenMs ?? 0))).toBe(totals.firstUs)
      }),
      { seed: 6, numRuns: 150 },
    )
  })

  it('tells a controller what a replay tells it', () => {
    for (const draftAhead of [false, true]) {
      const replayed = replayText({ pass: inRuns, window: autoWindow(), chain: even(3), draftAhead })
      const { texts } = simulate({ chain: even(3), texts: [inRuns], window: autoWindow(), draftAhead })
      expect(texts[0]?.rounds).toBe(replayed.length)
    }
  })

  it('of several texts at once refuses to draft ahead', () => {
    const several = { chain: even(2), texts: [inRuns, inRuns], window: fixedWindow(2), requests: 2, draftAhead: true }
    expect(() => simulate(several)).toThrow(/2 requests at once that draft ahead/)
  })

  it('of several texts keeps each node to one window at a time, and the slowest one busy', () => {
    const texts = Array.from({ length: 24 }, () => inRuns)
    const uneven: TimedChain = { ...even(4), compute: [10, 10, 40, 10].map((baseMs) => ({ baseMs, perRowMs: 0 })) }
    const rates = [1, 2, 4, 8].map((requests) => simulate({ chain: uneven, texts, requests, window: fixedWindow(4) }))
    for (const [index, { roundsPerSecond, busy }] of rates.entries()) {
      expect(Math.max(...busy)).toBeLessThanOrEqual(1)
      // A node of 40 ms lets 25 windows through a second.
      expect(roundsPerSecond).toBeLessThanOrEqual(25)
      expect(roundsPerSecond).toBeGreaterThan(rates[index - 1]?.roundsPerSecond ?? 0)
    }
    expect(rates.at(-1)?.busy[2]).toBeGreaterThan(0.9)
    expect(rates[0]?.meanQueueMs).toBe(0)
    expect(rates.at(-1)?.meanQueueMs).toBeGreaterThan(5)
  })

  it('goes up to 512 nodes', () => {
    const { tokensPerSecond, busy } = simulate({
      chain: even(512),
      texts: [inRuns],
      requests: 1,
      window: fixedWindow(8),
    })
    expect(busy).toHaveLength(512)
    const plain = simulate({ chain: even(512), texts: [inRuns], window: fixedWindow(0) })
    expect(tokensPerSecond / plain.tokensPerSecond).toBeGreaterThan(3)
    expect(() => simulate({ chain: even(513), texts: [inRuns], window: fixedWindow(1) })).toThrow(/513 nodes/)
  })
})

describe('texts drawn from measured statistics', () => {
  const rounds = (passes: readonly RecordedPass[], gamma: number): number =>
    passes.reduce((sum, one) => sum + one.text.length, 0) / passes.flatMap((one) => replayRounds(one, gamma)).length

  it('commit as many tokens a round as the texts measured, for every window, where one flat acceptance does not', () => {
    const long = { ...inRuns, ...longer(10), maxLength: 2000 }
    const statistics = measureMatches([long])
    const drawn = Array.from({ length: 40 }, (_, number) => drawPass(statistics, { seed: 1, number }))
    const flat: MatchStatistics = {
      kinds: statistics.kinds.map(({ lengths, byRun }) => {
        const [tried, kept] = [0, 1].map((which) =>
          byRun.flat().reduce((sum, one) => sum + (which === 0 ? one.tried : one.kept), 0),
        )
        return { lengths, byRun: byRun.map((places) => places.map(() => ({ tried: tried ?? 0, kept: kept ?? 0 }))) }
      }),
    }
    const levelled = Array.from({ length: 40 }, (_, number) => drawPass(flat, { seed: 1, number }))
    const errors = (of: readonly RecordedPass[]) =>
      [1, 2, 4, 8, 12].map((gamma) => Math.abs(rounds(of, gamma) / rounds([long], gamma) - 1))
    expect(Math.max(...errors(drawn))).toBeLessThan(0.1)
    expect(Math.max(...errors(levelled))).toBeGreaterThan(0.15)
  })

  it('are the same for the same seed and number', () => {
    const statistics = measureMatches([inRuns, inRuns, inRuns])
    expect(drawPass(statistics, { seed: 3, number: 5 })).toEqual(drawPass(statistics, { seed: 3, number: 5 }))
    expect(drawPass(statistics, { seed: 3, number: 5 })).not.toEqual(drawPass(statistics, { seed: 4, number: 5 }))
  })
})
