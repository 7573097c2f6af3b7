import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { exponential } from '../../src/engines/decoder/exponential.ts'

describe('exponential', () => {
  it('is e^x to a relative 1e-8 wherever the result is a float32', () => {
    fc.assert(
      fc.property(fc.double({ min: -103, max: 88.7, noNaN: true }), (x) => {
        expect(Math.abs(exponential(x) / Math.exp(x) - 1)).toBeLessThan(1e-8)
      }),
      { numRuns: 2000 },
    )
  })

  it('is exact at 0, vanishes below float32 and overflows above it', () => {
    expect(exponential(0)).toBe(1)
    expect(Math.fround(exponential(Number.NEGATIVE_INFINITY))).toBe(0)
    expect(Math.fround(exponential(Number.POSITIVE_INFINITY))).toBe(Number.POSITIVE_INFINITY)
    expect(exponential(Number.NaN)).toBeNaN()
  })
})
