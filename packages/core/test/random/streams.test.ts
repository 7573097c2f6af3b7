import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { draftNoise, sequenceNoise } from '../../src/random/noise.ts'
import { gumbel, gumbelOf, PURPOSE, uniform53, uniformField } from '../../src/random/streams.ts'

const key = { seed: 7, purpose: PURPOSE.TARGET_GUMBEL, sequence: 3, position: 41 } as const
const u32 = fc.integer({ min: 0, max: 2 ** 32 - 1 })

describe('uniform streams', () => {
  it('give an index the same value whatever else is drawn, in whatever order', () => {
    fc.assert(
      fc.property(fc.array(u32, { minLength: 1, maxLength: 40 }), fc.maxSafeNat(), (indices, seed) => {
        const field = uniformField({ ...key, seed })
        for (const index of [...indices, ...indices.toReversed()]) {
          expect(field.at(index)).toBe(uniform53({ ...key, seed, index }))
        }
      }),
      { seed: 1, numRuns: 50 },
    )
  })

  it('lie strictly between 0 and 1 with 52 bits and a half', () => {
    const field = uniformField(key)
    for (let index = 0; index < 10_000; index++) {
      const u = field.at(index)
      expect(u > 0 && u < 1).toBe(true)
      expect(Number.isInteger(u * 2 ** 52 - 0.5)).toBe(true)
    }
  })

  it('change with every part of the key, also above 2^32 in the seed', () => {
    const draws = [
      key,
      { ...key, seed: 8 },
      { ...key, seed: 7 + 2 ** 32 },
      { ...key, purpose: PURPOSE.DRAFT },
      { ...key, sequence: 4 },
      { ...key, position: 42 },
    ].flatMap((stream) => [0, 1, 2, 3].map((index) => uniform53({ ...stream, index })))
    expect(new Set(draws).size).toBe(draws.length)
  })

  it('are uniform: 100 000 draws fall evenly into 50 bins, and neighbours are uncorrelated', () => {
    const n = 100_000
    const bins = new Float64Array(50)
    const field = uniformField(key)
    let product = 0
    for (let index = 0; index < n; index++) {
      const u = field.at(index)
      const bin = Math.floor(u * 50)
      bins[bin] = (bins[bin] ?? 0) + 1
      product += (u - 0.5) * (field.at(index + 1) - 0.5)
    }
    const chiSquare = bins.reduce((sum, count) => sum + (count - n / 50) ** 2 / (n / 50), 0)
    // 49 degrees of freedom: mean 49, standard deviation sqrt(98); five of them.
    expect(chiSquare).toBeLessThan(49 + 5 * Math.sqrt(98))
    // Each product has mean 0 and standard deviation 1/12.
    expect(Math.abs(product / n)).toBeLessThan(5 / 12 / Math.sqrt(n))
  })

  it('refuse a seed that the key cannot hold', () => {
    for (const seed of [-1, 0.5, Number.NaN, 2 ** 53]) {
      expect(() => uniform53({ ...key, seed, index: 0 })).toThrowError(/is not a seed/)
    }
  })
})

describe('Gumbel noise', () => {
  it('is exact at both ends of the uniform', () => {
    const smallest = 2 ** -53
    expect(gumbelOf(smallest)).toBeCloseTo(53 * Math.LN2, 12)
    expect(gumbelOf(1 - smallest)).toBeCloseTo(-Math.log(53 * Math.LN2), 12)
    expect(gumbelOf(1 - Math.exp(-1))).toBeCloseTo(0, 12)
  })

  it('has the mean and variance of a standard Gumbel', () => {
    const n = 100_000
    let sum = 0
    let squares = 0
    for (let index = 0; index < n; index++) {
      const g = gumbel({ ...key, index })
      sum += g
      squares += g * g
    }
    const mean = sum / n
    const variance = Math.PI ** 2 / 6
    expect(Math.abs(mean - 0.5772156649)).toBeLessThan(5 * Math.sqrt(variance / n))
    // The fourth central moment is 5.4 variance^2.
    expect(Math.abs(squares / n - mean ** 2 - variance)).toBeLessThan(5 * variance * Math.sqrt(4.4 / n))
  })
})

describe('noise of a text', () => {
  const noise = sequenceNoise({ seed: 7, sequence: 3 })

  it('is the same when a position is judged again', () => {
    const first = noise.at(12)
    const again = sequenceNoise({ seed: 7, sequence: 3 }).at(12)
    expect([again.targetGumbel(5), again.residualGumbel(5), again.acceptUniform()]).toEqual([
      first.targetGumbel(5),
      first.residualGumbel(5),
      first.acceptUniform(),
    ])
  })

  it('is shared between tail and drafter only when they are coupled', () => {
    const tail = noise.at(12).target.at(9)
    const drawnBy = (drafting: 'coupled' | 'sampled'): number =>
      draftNoise({ seed: 7, sequence: 3, drafting }).at(12).at(9)
    expect(drawnBy('coupled')).toBe(tail)
    expect([tail, noise.at(12).residual.at(9), noise.at(12).acceptUniform(9)]).not.toContain(drawnBy('sampled'))
  })
})
