import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { accuracyNoiseFloor, ratioOfSums, speedup, speedupNoiseFloor } from '../../src/statistics/index.ts'
import { resampledCounts } from '../../src/statistics/resampling.ts'
import reference from './fixtures/reference.json' with { type: 'json' }

/** Monte Carlo error of an end point near 95 %: sqrt(a (1 - a) / B) / density, density of a normal of the reported error. */
const endPointError = (standardError: number, resamples: number): number =>
  (Math.sqrt((0.025 * 0.975) / resamples) / 0.0584) * standardError

describe('clustered bootstrap', () => {
  const resamples = 20_000

  it.each([
    { what: 'ms per token', ...reference.ratio },
    { what: 'ms per token of 12 skewed prompts', ...reference.skewed },
  ])('$what: the BCa interval of scipy.stats.bootstrap, within five Monte Carlo errors', (expected) => {
    const [numerators = [], denominators = []] = expected.columns
    const interval = ratioOfSums({ numerators, denominators, resamples })
    const tolerance = 5 * endPointError(expected.standardError, resamples)
    expect(interval.estimate).toBeCloseTo(expected.estimate, 12)
    expect(Math.abs(interval.low - expected.low)).toBeLessThan(tolerance)
    expect(Math.abs(interval.high - expected.high)).toBeLessThan(tolerance)
  })

  it('speed-up: paired by prompt, as scipy.stats.bootstrap(paired=True)', () => {
    const { columns, estimate, low, high, standardError } = reference.speedup
    const [baseMs = [], baseTokens = [], ms = [], tokens = []] = columns
    const interval = speedup({ baseline: { ms: baseMs, tokens: baseTokens }, variant: { ms, tokens }, resamples })
    const tolerance = 5 * endPointError(standardError, resamples)
    expect(interval.estimate).toBeCloseTo(estimate, 12)
    expect(Math.abs(interval.low - low)).toBeLessThan(tolerance)
    expect(Math.abs(interval.high - high)).toBeLessThan(tolerance)
  })

  it('pairing matters: what prompts share cancels, unless the arms are resampled apart', () => {
    const tokens = Array.from({ length: 40 }, () => 60)
    const baseline = { ms: tokens.map((_, prompt) => 3000 + 100 * prompt), tokens }
    const twiceAsFast = { ms: baseline.ms.map((ms) => ms / 2), tokens }
    const shuffled = { ms: twiceAsFast.ms.map((_, prompt) => twiceAsFast.ms[(prompt * 17) % 40] ?? 0), tokens }
    expect(speedup({ variant: twiceAsFast, baseline })).toEqual({ estimate: 2, low: 2, high: 2 })
    const apart = speedup({ variant: shuffled, baseline })
    expect(apart.high - apart.low).toBeGreaterThan(0.1)
  })

  it('draws every prompt equally often and every resample whole', () => {
    const clusters = 30
    const counts = resampledCounts({ clusters, resamples: 4000 })
    const totals = Array.from({ length: clusters }, () => 0)
    for (const [index, count] of counts.entries()) totals[index % clusters] = (totals[index % clusters] ?? 0) + count
    for (let row = 0; row < 4000; row++) {
      expect(counts.subarray(row * clusters, (row + 1) * clusters).reduce((a, b) => a + b)).toBe(clusters)
    }
    // Each total is Binomial(120000, 1/30): five standard deviations are 311.
    for (const total of totals) expect(Math.abs(total - 4000)).toBeLessThan(311)
  })
})

const sample = fc
  .array(fc.tuple(fc.double({ min: 1, max: 1e5, noNaN: true }), fc.integer({ min: 1, max: 200 })), {
    minLength: 1,
    maxLength: 40,
  })
  .map((prompts) => ({ ms: prompts.map(([ms]) => ms), tokens: prompts.map(([, tokens]) => tokens) }))
const fixed = { seed: 11, numRuns: 60 }

describe('properties of a speed-up', () => {
  it('an arm against itself is exactly 1, with no width', () => {
    fc.assert(
      fc.property(sample, (arm) => {
        expect(speedup({ variant: arm, baseline: arm, resamples: 200 })).toEqual({ estimate: 1, low: 1, high: 1 })
      }),
      fixed,
    )
  })

  it('holds its estimate, gives the same bits again, and halves when the arm takes twice as long', () => {
    fc.assert(
      fc.property(sample, fc.double({ min: 0.1, max: 10, noNaN: true }), (baseline, factor) => {
        const variant = { ms: baseline.ms.map((ms, index) => ms * (1 + (index % 3))), tokens: baseline.tokens }
        const slower = { ms: variant.ms.map((ms) => ms * factor), tokens: variant.tokens }
        const once = speedup({ variant, baseline, resamples: 200 })
        const scaled = speedup({ variant: slower, baseline, resamples: 200 })
        expect(once.low).toBeLessThanOrEqual(once.estimate)
        expect(once.high).toBeGreaterThanOrEqual(once.estimate)
        expect(speedup({ variant, baseline, resamples: 200 })).toEqual(once)
        expect(scaled.low * factor).toBeCloseTo(once.low, 9)
        expect(scaled.high * factor).toBeCloseTo(once.high, 9)
      }),
      fixed,
    )
  })

  it('the noise floor of equal prompts is zero and grows with the spread between prompts', () => {
    const of = (spread: number): number | null =>
      speedupNoiseFloor({
        sample: { ms: Array.from({ length: 40 }, (_, i) => 1000 + spread * (i % 5)), tokens: Array(40).fill(10) },
      })
    expect(of(0)).toBe(0)
    expect(of(100)).toBeGreaterThan(of(20) ?? Number.POSITIVE_INFINITY)
    expect(of(20)).toBeGreaterThan(0)
  })

  it('the noise floor of speed is not estimated from a prompt or two', () => {
    expect(speedupNoiseFloor({ sample: { ms: [1000], tokens: [10] } })).toBeNull()
    expect(speedupNoiseFloor({ sample: { ms: [1000, 1200, 900, 1100], tokens: [10, 10, 10, 10] } })).toBeNull()
  })

  it('the noise floor of accuracy is near the theory for a fair coin', () => {
    const clusters = Array.from({ length: 100 }, (_, index) => ({ correct: index % 2, trials: 1 }))
    // Standard deviation of the difference of two means of 100 fair answers: sqrt(2 * 0.25 / 100); 1.96 of it in points.
    expect(accuracyNoiseFloor(clusters)).toBeCloseTo(13.86, 0)
  })

  it('the noise floor of accuracy does not collapse where all answers are right', () => {
    const clusters = Array.from({ length: 20 }, () => ({ correct: 1, trials: 1 }))
    // Wilson's lower limit for 20 of 20 is 1 / (1 + 1.96^2 / 20).
    expect(accuracyNoiseFloor(clusters)).toBeCloseTo(100 * (1 - 1 / (1 + 1.959964 ** 2 / 20)), 4)
  })
})
