import { describe, expect, it } from 'vitest'
import { RoundTimeFit } from '../../src/drafting/window-choice/round-time-fit.ts'
import type { ObservedRound } from '../../src/index.ts'

interface Seen {
  readonly forced?: number
  readonly draftMs?: number
  readonly retries?: number
  readonly totalMs?: number
}

/** Four drafts, 60 ms on the way and in the nodes. */
function round({ forced = 0, draftMs = 48, retries = 0, totalMs = 60 + draftMs }: Seen): ObservedRound {
  const timing = { startMs: 0, draftMs, computeMs: [20], queueMs: [0], linkMs: [20, 20], returnMs: 0, totalMs }
  return { index: 0, committedBefore: 0, rows: forced + 5, forced, accepted: 4, draftSteps: 4, retries, timing }
}

describe('what a round takes', () => {
  it('is not learnt from the prompt that the drafter reads in the first round of a text', () => {
    const fit = new RoundTimeFit()
    fit.observe(round({ forced: 100, draftMs: 448 }))
    expect(fit.draftStepMs).toBe(112)
    fit.observe(round({}))
    expect(fit.draftStepMs).toBe(12)
    fit.observe(round({ forced: 100, draftMs: 448 }))
    expect(fit.draftStepMs).toBe(12)
    fit.observe(round({}))
    expect(fit.draftStepMs).toBe(12)
  })

  it('is not learnt from a round that was sent again or replayed', () => {
    const fit = new RoundTimeFit()
    for (let seen = 0; seen < 20; seen++) fit.observe(round({ forced: seen % 5 === 0 ? 100 : 0 }))
    const before = [0, 4, 8].map((gamma) => fit.roundMs(gamma, 0))
    fit.observe(round({ retries: 1, totalMs: 20_000 }))
    fit.observe(round({ forced: 300, retries: 2, totalMs: 8000 }))
    expect([0, 4, 8].map((gamma) => fit.roundMs(gamma, 0))).toEqual(before)
  })
})
