import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { normaliseDense } from '../../src/distribution/dense.ts'
import { sampleToken } from '../../src/distribution/sample.ts'
import { sparseDistribution } from '../../src/distribution/sparse.ts'
import { gumbelOf, PURPOSE, type UniformField, uniformField } from '../../src/random/streams.ts'

const fieldAt = (position: number): UniformField =>
  uniformField({ seed: 11, purpose: PURPOSE.TARGET_GUMBEL, sequence: 0, position })

const weights = fc
  .array(fc.oneof(fc.constant(0), fc.double({ min: 1e-12, max: 1, noNaN: true })), { minLength: 2, maxLength: 60 })
  .filter((row) => row.some((weight) => weight > 0))

describe('sampleToken', () => {
  it('is argmax(ln p + G), for a law held densely or sparsely', () => {
    fc.assert(
      fc.property(weights, fc.nat(), (row, position) => {
        const dense = normaliseDense(Float64Array.from(row))
        const sparse = sparseDistribution({ vocabSize: row.length, ids: [...row.keys()], weights: row })
        const field = fieldAt(position)
        const scores = row.map((_, id) => Math.log(dense.probabilityOf(id)) + gumbelOf(field.at(id)))
        const best = scores.indexOf(Math.max(...scores))
        expect([sampleToken(dense, field), sampleToken(sparse, fieldAt(position))]).toEqual([best, best])
      }),
      { seed: 4, numRuns: 500 },
    )
  })

  it('gives a token the same noise whatever else is in the support', () => {
    fc.assert(
      fc.property(weights, fc.nat(), (row, position) => {
        const law = normaliseDense(Float64Array.from(row))
        const winner = sampleToken(law, fieldAt(position))
        const half = row.map((weight, id) => (id === winner || id % 2 === 0 ? weight : 0))
        const truncated = sparseDistribution({ vocabSize: row.length, ids: [...half.keys()], weights: half })
        expect(sampleToken(truncated, fieldAt(position))).toBe(winner)
      }),
      { seed: 5, numRuns: 300 },
    )
  })

  it('draws the law: 120 000 draws pass a chi-square test', () => {
    const n = 120_000
    const law = normaliseDense(Float64Array.of(8, 0, 4, 2, 1, 1, 0.5, 0.05))
    const counts = new Float64Array(8)
    for (let position = 0; position < n; position++) {
      const token = sampleToken(law, fieldAt(position))
      counts[token] = (counts[token] ?? 0) + 1
    }
    expect(counts[1]).toBe(0)
    const chiSquare = [...law.ids].reduce((sum, id) => {
      const expected = n * law.probabilityOf(id)
      return sum + ((counts[id] ?? 0) - expected) ** 2 / expected
    }, 0)
    // 6 degrees of freedom: mean 6, standard deviation sqrt(12); five of them.
    expect(chiSquare).toBeLessThan(6 + 5 * Math.sqrt(12))
  })

  it('gives a tie to the lowest id', () => {
    const even: UniformField = { at: () => 0.5 }
    expect(sampleToken(normaliseDense(Float64Array.of(0, 1, 1, 1)), even)).toBe(1)
    expect(sampleToken(sparseDistribution({ vocabSize: 9, ids: [7, 3, 5], weights: [1, 1, 1] }), even)).toBe(3)
  })
})
