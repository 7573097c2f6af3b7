import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { normaliseDense } from '../../src/distribution/dense.ts'
import { totalVariation } from '../../src/distribution/divergence.ts'
import { decodeLaw, encodeLaw, lawBytes } from '../../src/distribution/law-bytes.ts'
import { quantise } from '../../src/distribution/quantise.ts'
import { pointMass, sparseDistribution } from '../../src/distribution/sparse.ts'
import { DsdError } from '../../src/errors.ts'

const law = fc
  .array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 400 })
  .filter((row) => row.some((weight) => weight > 1e-9))
  .map((row) => normaliseDense(Float64Array.from(row)))

describe('quantise', () => {
  it('keeps the most likely tokens as integers that sum to 2^16, each off by less than one', () => {
    fc.assert(
      fc.property(law, fc.integer({ min: 1, max: 255 }), (full, support) => {
        const sent = quantise(full, support)
        const weights = [...sent.probabilities].map((probability) => probability * 65_536)
        expect(weights.every((weight) => Number.isInteger(weight) && weight >= 1)).toBe(true)
        expect(weights.reduce((sum, weight) => sum + weight, 0)).toBe(65_536)
        expect(sent.ids.length).toBeLessThanOrEqual(support)
        const kept = full.ids.subarray(0, support)
        const mass = kept.reduce((sum, id) => sum + full.probabilityOf(id), 0)
        for (const id of kept) {
          expect(Math.abs(sent.probabilityOf(id) - full.probabilityOf(id) / mass)).toBeLessThan(1.001 / 65_536)
        }
      }),
      { seed: 9, numRuns: 200 },
    )
  })

  it('loses no more than the tail that it cuts, and the rounding', () => {
    const full = normaliseDense(Float64Array.of(50, 30, 10, 5, 3, 1, 1))
    expect(totalVariation(full, quantise(full, 3))).toBeLessThan(0.1 + 3 / 65_536)
  })

  it('refuses a support that one byte cannot count', () => {
    for (const support of [0, 256, 1.5]) expect(() => quantise(pointMass(0, 3), support)).toThrowError(/support size/)
  })
})

describe('a law on the wire', () => {
  it('comes back bit for bit in 1 + 5 bytes a token, wherever it lies', () => {
    fc.assert(
      fc.property(law, fc.integer({ min: 1, max: 40 }), fc.nat(9), (full, support, offset) => {
        const sent = quantise(full, support)
        const bytes = encodeLaw(sent)
        expect(bytes.length).toBe(1 + 5 * sent.ids.length)
        expect(bytes.length).toBe(lawBytes(sent))
        const frame = new Uint8Array([...new Uint8Array(offset), ...bytes, 1, 2, 3])
        const { law: received, byteLength } = decodeLaw({ bytes: frame, offset, vocabSize: full.vocabSize })
        expect(byteLength).toBe(bytes.length)
        expect([...received.ids]).toEqual([...sent.ids])
        expect([...received.probabilities]).toEqual([...sent.probabilities])
      }),
      { seed: 10, numRuns: 200 },
    )
  })

  it('carries a point mass', () => {
    const bytes = encodeLaw(pointMass(150_000, 151_936))
    expect([...bytes]).toEqual([1, 0xf0, 0x49, 0x02, 0xff, 0xff])
    expect(decodeLaw({ bytes, vocabSize: 151_936 }).law.probabilityOf(150_000)).toBe(1)
  })

  it('is refused unless it is quantised, for the tail must know the law that was sampled', () => {
    const thirds = sparseDistribution({ vocabSize: 3, ids: [0, 1, 2], weights: [1, 1, 1] })
    expect(() => encodeLaw(thirds)).toThrowError(/not quantised/)
  })

  it('is read or refused, never anything else, from any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        try {
          const { law: received, byteLength } = decodeLaw({ bytes, vocabSize: 100 })
          expect(byteLength).toBeLessThanOrEqual(bytes.length)
          expect(received.probabilities.reduce((sum, probability) => sum + probability, 0)).toBe(1)
        } catch (error) {
          expect(error).toBeInstanceOf(DsdError)
        }
      }),
      { seed: 11, numRuns: 500 },
    )
  })

  it.each([
    ['cut short', (bytes: Uint8Array) => bytes.subarray(0, bytes.length - 1)],
    ['empty', () => Uint8Array.of(0)],
    [
      'ids twice',
      (bytes: Uint8Array) =>
        bytes
          .with(6, bytes[1] ?? 0)
          .with(7, bytes[2] ?? 0)
          .with(8, bytes[3] ?? 0),
    ],
    ['an id outside', (bytes: Uint8Array) => bytes.with(8, 9)],
    ['another sum', (bytes: Uint8Array) => bytes.with(4, (bytes[4] ?? 0) ^ 1)],
  ])('is refused when it is damaged: %s', (_, damage) => {
    const bytes = encodeLaw(sparseDistribution({ vocabSize: 100, ids: [3, 7], weights: [3, 1] }))
    expect(() => decodeLaw({ bytes: damage(bytes), vocabSize: 100 })).toThrowError(DsdError)
  })
})
