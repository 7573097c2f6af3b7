import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { entropyNats, logitEntropyNats } from '../../src/distribution/entropy.ts'
import { argmaxLogit, logitMargin, topTwo } from '../../src/distribution/logits.ts'
import { softmax } from '../../src/distribution/warp.ts'

const row = fc
  .array(fc.integer({ min: -8, max: 8 }), { minLength: 2, maxLength: 50 })
  .map((values) => Float32Array.from(values))

describe('logits', () => {
  it('rank by value, ties by lower id', () => {
    fc.assert(
      fc.property(row, (logits) => {
        const sorted = [...logits.keys()].sort((a, b) => (logits[b] ?? 0) - (logits[a] ?? 0) || a - b)
        expect(topTwo(logits)).toEqual({ first: sorted[0], second: sorted[1] })
        expect(argmaxLogit(logits)).toBe(sorted[0])
      }),
      { seed: 12, numRuns: 300 },
    )
  })

  it('have a margin in nats that a constant added to all of them does not change', () => {
    fc.assert(
      fc.property(row, fc.integer({ min: -64, max: 64 }), (logits, shift) => {
        const shifted = logits.map((logit) => logit + shift)
        const { first, second = 0 } = topTwo(logits)
        const law = softmax(shifted)
        expect(logitMargin(shifted)).toBe(logitMargin(logits))
        expect(logitMargin(logits)).toBeCloseTo(Math.log(law.probabilityOf(first) / law.probabilityOf(second)), 9)
      }),
      { seed: 13, numRuns: 200 },
    )
  })

  it('have the entropy of their softmax', () => {
    fc.assert(
      fc.property(row, fc.integer({ min: -64, max: 64 }), (logits, shift) => {
        const entropy = entropyNats(softmax(logits))
        expect(logitEntropyNats(logits.map((logit) => logit + shift))).toBeCloseTo(entropy, 12)
      }),
      { seed: 14, numRuns: 300 },
    )
    expect(logitEntropyNats(Float32Array.of(90, -90))).toBeCloseTo(0, 70)
    expect(logitEntropyNats(new Float32Array(8))).toBeCloseTo(Math.log(8), 14)
  })

  it('without a finite value have no entropy, by position', () => {
    expect(() => logitEntropyNats(Float32Array.of(1, Number.NaN), 7)).toThrow('the logit of token 1 is NaN')
  })

  it('of a vocabulary of one leave no rival', () => {
    expect(topTwo(Float32Array.of(2))).toEqual({ first: 0, second: undefined })
    expect(logitMargin(Float32Array.of(2))).toBe(Number.POSITIVE_INFINITY)
  })
})
