import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  clusteredWilson,
  compareAccuracy,
  discordantPairs,
  type GradedCluster,
  mcnemarExact,
  pairedDifference,
  wilson,
} from '../../src/statistics/index.ts'
import reference from './fixtures/reference.json' with { type: 'json' }

const single = (correct: boolean): GradedCluster => ({ correct: correct ? 1 : 0, trials: 1 })

describe('intervals and tests agree with scipy and statsmodels', () => {
  it.each(reference.wilson)('Wilson: $successes of $trials', ({ successes, trials, low, high }) => {
    const interval = wilson(successes, trials)
    expect(interval.low).toBeCloseTo(low, 12)
    expect(interval.high).toBeCloseTo(high, 12)
  })

  it.each(reference.mcnemar)('McNemar: $gained gained, $lost lost', ({ gained, lost, p }) => {
    expect(mcnemarExact({ gained, lost })).toBeCloseTo(p, 12)
  })

  it.each(reference.pairedDifference)(
    'paired difference: $both / $gained / $lost / $neither',
    ({ both, gained, lost, neither, estimate, low, high }) => {
      const pairs = [
        ...Array.from({ length: both }, () => [true, true] as const),
        ...Array.from({ length: gained }, () => [true, false] as const),
        ...Array.from({ length: lost }, () => [false, true] as const),
        ...Array.from({ length: neither }, () => [false, false] as const),
      ]
      const interval = pairedDifference(
        pairs.map(([ours]) => single(ours)),
        pairs.map(([, theirs]) => single(theirs)),
      )
      expect(interval.estimate).toBeCloseTo(estimate, 12)
      expect(interval.low).toBeCloseTo(low, 9)
      expect(interval.high).toBeCloseTo(high, 9)
    },
  )

  it.each(reference.clusteredWilson)('Wilson with a design effect: $correct', ({ correct, trials, ...expected }) => {
    const interval = clusteredWilson(correct.map((count, index) => ({ correct: count, trials: trials[index] ?? 0 })))
    expect(interval.estimate).toBeCloseTo(expected.estimate, 12)
    expect(interval.low).toBeCloseTo(expected.low, 9)
    expect(interval.high).toBeCloseTo(expected.high, 9)
  })
})

const graded = fc.array(fc.boolean(), { minLength: 2, maxLength: 60 })
const paired = fc.array(fc.tuple(fc.boolean(), fc.boolean()), { minLength: 2, maxLength: 60 })
const fixed = { seed: 7, numRuns: 300 }

describe('properties', () => {
  it('Wilson holds its estimate and stays inside [0, 1]', () => {
    fc.assert(
      fc.property(graded, (answers) => {
        const { estimate, low, high } = clusteredWilson(answers.map(single))
        expect(low).toBeGreaterThanOrEqual(0)
        expect(high).toBeLessThanOrEqual(1)
        expect(low).toBeLessThanOrEqual(estimate)
        expect(high).toBeGreaterThanOrEqual(estimate)
        expect(high - low).toBeGreaterThan(0)
      }),
      fixed,
    )
  })

  it('grading the same answers under more seeds never narrows the interval', () => {
    fc.assert(
      fc.property(graded, fc.integer({ min: 2, max: 5 }), (answers, seeds) => {
        const once = clusteredWilson(answers.map(single))
        const again = clusteredWilson(answers.map((right) => ({ correct: right ? seeds : 0, trials: seeds })))
        expect(again.high - again.low).toBeGreaterThanOrEqual(once.high - once.low - 1e-9)
      }),
      fixed,
    )
  })

  it('swapping the arms mirrors the difference and keeps the p-value', () => {
    fc.assert(
      fc.property(paired, (pairs) => {
        const ours = pairs.map(([a]) => single(a))
        const theirs = pairs.map(([, b]) => single(b))
        const forth = compareAccuracy({ variant: ours, baseline: theirs, marginPoints: 5 })
        const back = compareAccuracy({ variant: theirs, baseline: ours, marginPoints: 5 })
        expect(back.differencePoints.estimate).toBeCloseTo(-forth.differencePoints.estimate, 9)
        expect(back.differencePoints.low).toBeCloseTo(-forth.differencePoints.high, 9)
        expect(back.mcnemarP).toBe(forth.mcnemarP)
      }),
      fixed,
    )
  })

  it('an arm that equals its baseline differs by zero, and a handful of prompts cannot prove a narrow margin', () => {
    const answers = Array.from({ length: 12 }, (_, index) => single(index < 10))
    const same = compareAccuracy({ variant: answers, baseline: answers, marginPoints: 1 })
    expect(same.differencePoints.estimate).toBe(0)
    expect(same.mcnemarP).toBe(1)
    expect(same.nonInferior).toBe(false)
    expect(compareAccuracy({ variant: answers, baseline: answers, marginPoints: 40 }).nonInferior).toBe(true)
  })

  it('a prompt counts once, however many seeds it was graded under', () => {
    expect(discordantPairs([2 / 3, 1, 0], [1 / 3, 1, 1])).toEqual({ gained: 1, lost: 1 })
  })

  it('refuses a proportion that is none', () => {
    expect(() => wilson(3, 2)).toThrow('got 3 of 2')
    expect(() => wilson(0, 0)).toThrow('trials > 0')
  })
})
