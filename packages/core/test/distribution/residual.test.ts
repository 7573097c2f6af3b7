import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { normaliseDense } from '../../src/distribution/dense.ts'
import type { Distribution } from '../../src/distribution/distribution.ts'
import { jsDivergence, klDivergence, overlap, totalVariation } from '../../src/distribution/divergence.ts'
import { entropyNats } from '../../src/distribution/entropy.ts'
import { mixture, residual } from '../../src/distribution/residual.ts'
import { pointMass, sparseDistribution } from '../../src/distribution/sparse.ts'

const VOCAB = 12
const law = fc
  .tuple(
    fc.array(fc.oneof(fc.constant(0), fc.double({ min: 1e-6, max: 1, noNaN: true })), {
      minLength: VOCAB,
      maxLength: VOCAB,
    }),
    fc.boolean(),
  )
  .filter(([row]) => row.some((weight) => weight > 0))
  .map(
    ([row, dense]): Distribution =>
      dense
        ? normaliseDense(Float64Array.from(row))
        : sparseDistribution({ vocabSize: VOCAB, ids: [...row.keys()], weights: row }),
  )
const ids = Array.from({ length: VOCAB }, (_, id) => id)
const disjoint = [
  sparseDistribution({ vocabSize: VOCAB, ids: [0, 1], weights: [1, 3] }),
  sparseDistribution({ vocabSize: VOCAB, ids: [5, 9], weights: [2, 2] }),
] as const

describe('residual', () => {
  it('completes the accepted part to the target: min(p, q) + (1 - sum min) residual = p', () => {
    fc.assert(
      fc.property(law, law, (p, q) => {
        const rest = residual(p, q)
        const rejected = 1 - overlap(p, q)
        for (const id of ids) {
          const out = Math.min(p.probabilityOf(id), q.probabilityOf(id)) + rejected * rest.probabilityOf(id)
          expect(Math.abs(out - p.probabilityOf(id))).toBeLessThan(1e-15 * VOCAB)
        }
      }),
      { seed: 6, numRuns: 300 },
    )
  })

  it('scales the draft law by the lenience', () => {
    const [p, q] = [normaliseDense(Float64Array.of(6, 3, 1)), normaliseDense(Float64Array.of(1, 8, 1))]
    // (0.6 - 0.05, max(0, 0.3 - 0.4), 0.1 - 0.05) / 0.6
    const rest = residual(p, q, { draftScale: 0.5 })
    expect(ids.slice(0, 3).map((id) => rest.probabilityOf(id))).toEqual([
      expect.closeTo(0.55 / 0.6, 12),
      0,
      expect.closeTo(0.05 / 0.6, 12),
    ])
  })

  it('is the target itself where both laws agree', () => {
    const [p] = disjoint
    expect(residual(p, p)).toBe(p)
  })
})

describe('mixture', () => {
  it('deviates from its base by share * TV', () => {
    fc.assert(
      fc.property(law, law, fc.double({ min: 0, max: 1, noNaN: true }), (p, q, share) => {
        const mixed = mixture({ base: p, other: q, share })
        expect(totalVariation(p, mixed)).toBeCloseTo(share * totalVariation(p, q), 12)
      }),
      { seed: 7, numRuns: 200 },
    )
  })
})

describe('divergences', () => {
  it('agree with each other on any two laws', () => {
    fc.assert(
      fc.property(law, law, (p, q) => {
        const tv = totalVariation(p, q)
        expect(overlap(p, q)).toBeCloseTo(1 - tv, 12)
        expect(totalVariation(q, p)).toBeCloseTo(tv, 12)
        expect(jsDivergence(p, q)).toBeCloseTo(jsDivergence(q, p), 12)
        // Lin 1991: JS <= ln 2 * TV; Pinsker: KL >= 2 TV^2.
        expect(jsDivergence(p, q)).toBeLessThanOrEqual(Math.LN2 * tv + 1e-12)
        expect(klDivergence(p, q)).toBeGreaterThanOrEqual(2 * tv * tv - 1e-12)
      }),
      { seed: 8, numRuns: 300 },
    )
  })

  it('have the textbook values', () => {
    const p = normaliseDense(Float64Array.of(0.5, 0.5))
    const q = normaliseDense(Float64Array.of(0.9, 0.1))
    expect(klDivergence(p, q)).toBeCloseTo(0.5 * Math.log(0.5 / 0.9) + 0.5 * Math.log(0.5 / 0.1), 14)
    expect(totalVariation(p, q)).toBeCloseTo(0.4, 14)
    expect(entropyNats(p)).toBeCloseTo(Math.LN2, 14)
    expect(entropyNats(pointMass(3, 5))).toBe(0)
  })

  it('keep JS at most ln 2 where the published, reversed form does not', () => {
    const [p, q] = disjoint
    // A published "JS" takes KL(m || p) and KL(m || q), which is infinite as soon as a token is missing from one law.
    const middle = mixture({ base: p, other: q, share: 0.5 })
    const reversed = (klDivergence(middle, p) + klDivergence(middle, q)) / 2
    const isBounded = (value: number): boolean => value <= Math.LN2
    expect(isBounded(reversed)).toBe(false)
    expect(isBounded(jsDivergence(p, q))).toBe(true)
    expect(jsDivergence(p, q)).toBeCloseTo(Math.LN2, 12)
    expect(klDivergence(p, q)).toBe(Number.POSITIVE_INFINITY)
  })

  it('refuse laws over different vocabularies', () => {
    expect(() => totalVariation(pointMass(0, 4), pointMass(0, 5))).toThrowError(/4 and 5 tokens/)
  })
})
