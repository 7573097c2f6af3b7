import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { softmaxProbability } from '../../src/distribution/logits.ts'
import { topIndices } from '../../src/distribution/top-indices.ts'
import { softmax, warp } from '../../src/distribution/warp.ts'
import { DsdError } from '../../src/errors.ts'
import type { Sampling } from '../../src/tokens.ts'

// Few distinct values, so that ties are common.
const logitRow = fc
  .array(fc.integer({ min: -12, max: 12 }), { minLength: 1, maxLength: 300 })
  .map((row) => Float32Array.from(row, (value) => value / 4))

/** The definition, with a full sort and no shortcut. */
function naiveWarp(logits: Float32Array, { temperature, topK, topP }: Sampling): Map<number, number> {
  const ranked = [...logits.keys()].sort((a, b) => (logits[b] ?? 0) - (logits[a] ?? 0) || a - b)
  if (temperature === 0) return new Map([[ranked[0] ?? 0, 1]])
  const kept = ranked.slice(0, topK ?? ranked.length)
  const weight = (id: number): number => Math.exp((logits[id] ?? 0) / temperature)
  const sum = (ids: readonly number[]): number => ids.reduce((total, id) => total + weight(id), 0)
  let size = 1
  while (size < kept.length && sum(kept.slice(0, size)) < (topP ?? 1) * sum(kept) * (1 - 1e-14)) size++
  const nucleus = topP === undefined ? kept : kept.slice(0, size)
  return new Map(nucleus.map((id) => [id, weight(id) / sum(nucleus)]))
}

describe('warp', () => {
  it('is temperature, then top-k, then top-p, with ties to the lower id', () => {
    const sampling = fc.record(
      {
        temperature: fc.constantFrom(0, 0.3, 0.8, 1, 2),
        topK: fc.integer({ min: 1, max: 320 }),
        // Not a boundary of any row above, where rounding would decide.
        topP: fc.constantFrom(0.1234567, 0.5123456, 0.9012345),
      },
      { requiredKeys: ['temperature'] },
    )
    fc.assert(
      fc.property(logitRow, sampling, (logits, how) => {
        const law = warp(logits, how)
        const expected = naiveWarp(logits, how)
        expect([...law.ids]).toEqual([...expected.keys()])
        expect(law.vocabSize).toBe(logits.length)
        for (const [id, probability] of expected) expect(law.probabilityOf(id)).toBeCloseTo(probability, 12)
        expect(Math.abs(law.probabilities.reduce((a, b) => a + b, 0) - 1)).toBeLessThan(1e-12)
      }),
      { seed: 2, numRuns: 300 },
    )
  })

  it('finds a nucleus that is wider than its first guess', () => {
    const flat = new Float32Array(5000)
    const law = warp(flat, { temperature: 1, topP: 0.5 })
    expect(law.ids.length).toBe(2500)
    expect(law.ids[2499]).toBe(2499)
  })

  it('puts all mass on the lowest-id argmax at temperature 0', () => {
    const law = warp(Float32Array.of(1, 7, 3, 7), { temperature: 0, topK: 3, topP: 0.9 })
    expect([...law.ids]).toEqual([1])
    expect([law.probabilityOf(1), law.probabilityOf(3)]).toEqual([1, 0])
  })

  it('keeps a law over 150 000 tokens within 1e-12 of sum 1', () => {
    const logits = Float32Array.from({ length: 151_936 }, (_, id) => Math.sin(id) * 3)
    const law = softmax(logits)
    let sum = 0
    let lost = 0
    for (const probability of law.probabilities) {
      const next = sum + probability
      lost += sum - next + probability
      sum = next
    }
    expect(Math.abs(sum + lost - 1)).toBeLessThan(1e-12)
    expect(softmaxProbability(logits, 77)).toBeCloseTo(law.probabilityOf(77), 14)
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    'names the position of a logit that is %d',
    (bad) => {
      for (const sampling of [
        { temperature: 0 },
        { temperature: 1 },
        { temperature: 1, topK: 1 },
        { temperature: 1, topP: 0.5 },
      ]) {
        const failure = catchError(() => warp(Float32Array.of(0, bad, 1), sampling, 41))
        expect(failure.kind).toBe('numeric')
        expect(failure.line).toMatch(/^position 41: the logit of token 1 is /)
      }
    },
  )

  it.each([
    [{ temperature: -1 }, 'sampling.temperature'],
    [{ temperature: Number.NaN }, 'sampling.temperature'],
    [{ temperature: 2.5 }, 'sampling.temperature'],
    [{ temperature: 1, topK: 0 }, 'sampling.topK'],
    [{ temperature: 1, topP: 0 }, 'sampling.topP'],
    [{ temperature: 1, topP: 1.5 }, 'sampling.topP'],
  ])('refuses %j', (sampling, where) => {
    const failure = catchError(() => warp(Float32Array.of(0, 1), sampling))
    expect([failure.kind, failure.where]).toEqual(['bad-input', where])
  })
})

describe('topIndices', () => {
  it('equals a full sort for every count', () => {
    fc.assert(
      fc.property(logitRow, fc.nat(320), (values, count) => {
        const sorted = [...values.keys()].sort((a, b) => (values[b] ?? 0) - (values[a] ?? 0) || a - b)
        expect([...topIndices(values, count)]).toEqual(sorted.slice(0, count))
      }),
      { seed: 3, numRuns: 300 },
    )
  })
})

function catchError(action: () => unknown): DsdError {
  try {
    action()
  } catch (error) {
    if (error instanceof DsdError) return error
  }
  throw new Error('expected a DsdError')
}
