import { warp } from '@dsd-lab/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { draftSignals, LARGEST_KL, rowSignals } from '../../src/index.ts'

const lawOf = (probabilities: readonly number[]) => warp(Float32Array.from(probabilities, Math.log), { temperature: 1 })
const signalsOf = (probabilities: readonly number[], drafted: number) => {
  const logits = Float32Array.from(probabilities, Math.log)
  return rowSignals({ logits, law: warp(logits, { temperature: 1 }), drafted })
}

describe('signals of a row', () => {
  it('are the documented formulas', () => {
    const found = signalsOf([0.1, 0.5, 0.25, 0.15], 3)
    const h = (list: readonly number[]): number => -list.reduce((sum, p) => sum + p * Math.log(p), 0)
    expect(found.entropy).toBeCloseTo(h([0.1, 0.5, 0.25, 0.15]), 6)
    expect(found.top3Entropy).toBeCloseTo(h([0.5, 0.25, 0.15]), 6)
    expect(found.top1).toBeCloseTo(0.5, 6)
    expect(found.margin).toBeCloseTo(Math.log(2), 6)
    expect(found.gap).toBeCloseTo(Math.log(0.5 / 0.15), 6)
    expect(found.surprisal).toBeCloseTo(-Math.log(0.15), 6)
    expect(found.rank).toBe(2)
  })

  it('keep their order whatever the row', () => {
    const row = fc.array(fc.float({ min: -20, max: 20, noNaN: true }), { minLength: 3, maxLength: 30 })
    fc.assert(
      fc.property(row, fc.nat(), (values, pick) => {
        const logits = Float32Array.from(values)
        const found = rowSignals({ logits, law: warp(logits, { temperature: 1 }), drafted: pick % values.length })
        expect(found.top3Entropy).toBeLessThanOrEqual(found.entropy + 1e-6)
        expect(found.margin).toBeGreaterThanOrEqual(0)
        expect(found.gap).toBeGreaterThanOrEqual(found.rank === 0 ? 0 : found.margin - 1e-6)
        expect(found.surprisal).toBeGreaterThanOrEqual(found.gap - 1e-9)
        expect(found.rank === 0).toBe(found.gap === 0)
      }),
      { seed: 3 },
    )
  })

  it('of both laws are 0 for equal laws, and finite for laws apart', () => {
    const law = lawOf([0.5, 0.3, 0.2])
    expect(draftSignals(law, law)).toEqual({
      overlap: expect.closeTo(1, 9),
      klTargetDraft: expect.closeTo(0, 9),
      klDraftTarget: expect.closeTo(0, 9),
      js: expect.closeTo(0, 9),
      entropyRatio: 0,
    })
    const apart = draftSignals(warp(Float32Array.of(900, 0, 0), { temperature: 1 }), lawOf([0.1, 0.8, 0.1]))
    expect(apart.klDraftTarget).toBe(LARGEST_KL)
    expect(apart.klTargetDraft).toBeCloseTo(-Math.log(0.1), 6)
    expect(apart.entropyRatio).toBe(1)
  })
})
