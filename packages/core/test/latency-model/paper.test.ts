import { communicationReduction, dsdMs, paperSpeedup, standardMs } from '@dsd-lab/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const costs = fc.record({
  nodes: fc.integer({ min: 1, max: 64 }),
  computeMs: fc.double({ min: 0.1, max: 1000, noNaN: true }),
  latencyMs: fc.double({ min: 0, max: 1000, noNaN: true }),
  tokensPerRound: fc.double({ min: 1, max: 32, noNaN: true }),
})

describe("the paper's cost equations", () => {
  it('T_DSD / T_std = 1 - R_comm, for every network', () => {
    fc.assert(
      fc.property(costs, (c) => {
        expect(dsdMs(c) / standardMs(c)).toBeCloseTo(1 - communicationReduction(c), 12)
      }),
      { seed: 1 },
    )
  })

  it('a claimed reduction of 37 % means a speed-up of 1.59, and 2.56 needs 61 %', () => {
    // 8 nodes, 4 tokens a round: t1 / t0 = 0.14 (paper.md, consequences).
    const claimed = { nodes: 8, computeMs: 1, latencyMs: 0.139, tokensPerRound: 4 }
    expect(communicationReduction(claimed)).toBeCloseTo(0.37, 2)
    expect(paperSpeedup(claimed)).toBeCloseTo(1.59, 2)
    expect(1 - 1 / 2.56).toBeCloseTo(0.61, 2)
  })

  it('one node or one token a round saves nothing', () => {
    expect(communicationReduction({ nodes: 1, computeMs: 5, latencyMs: 20, tokensPerRound: 4 })).toBe(0)
    expect(paperSpeedup({ nodes: 8, computeMs: 5, latencyMs: 20, tokensPerRound: 1 })).toBe(1)
  })
})
