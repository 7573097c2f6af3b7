import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import {
  atRecall,
  averagePrecision,
  calibrationError,
  fitLogistic,
  newcombe,
  predictLogistic,
  reliability,
  rocAuc,
} from '../../src/statistics/index.ts'

const numbers = z.array(z.number())
const flags = z.array(z.boolean())
const reference = z
  .object({
    ranked: z.array(
      z.object({
        scores: numbers,
        positive: flags,
        weights: numbers,
        rocAuc: z.number(),
        averagePrecision: z.number(),
      }),
    ),
    logistic: z.array(
      z.object({
        l2: z.number(),
        rows: z.array(numbers),
        positive: flags,
        intercept: z.number(),
        weights: numbers,
        first: z.number(),
      }),
    ),
    calibration: z.object({
      predicted: numbers,
      positive: flags,
      meanPredicted: numbers,
      observed: numbers,
      error: z.number(),
    }),
    differences: z.array(
      z.object({
        a: z.number(),
        n: z.number(),
        b: z.number(),
        m: z.number(),
        low: z.number(),
        high: z.number(),
      }),
    ),
  })
  .parse(JSON.parse(readFileSync(new URL('fixtures/ranking-reference.json', import.meta.url), 'utf8')))

describe('against scikit-learn and statsmodels', () => {
  it.each(reference.ranked)('ROC-AUC and average precision, ties and weights included', (one) => {
    expect(rocAuc(one)).toBeCloseTo(one.rocAuc, 12)
    expect(averagePrecision(one)).toBeCloseTo(one.averagePrecision, 12)
  })

  it.each(reference.logistic)(
    'logistic regression with ridge penalty $l2',
    ({ l2, intercept, weights, first, ...data }) => {
      const model = fitLogistic(data, l2)
      expect(model.intercept).toBeCloseTo(intercept, 5)
      expect(model.weights).toHaveLength(weights.length)
      for (const [index, weight] of weights.entries()) expect(model.weights[index]).toBeCloseTo(weight, 5)
      expect(predictLogistic(model, data.rows[0] ?? [])).toBeCloseTo(first, 6)
    },
  )

  it('reliability and expected calibration error', () => {
    const { predicted, positive, meanPredicted, observed, error } = reference.calibration
    const bins = reliability(predicted, positive)
    expect(bins.map((bin) => bin.predicted)).toEqual(meanPredicted.map((value) => expect.closeTo(value, 12)))
    expect(bins.map((bin) => bin.observed)).toEqual(observed.map((value) => expect.closeTo(value, 12)))
    expect(calibrationError(bins)).toBeCloseTo(error, 12)
  })

  it.each(reference.differences)('the interval of $a/$n - $b/$m', ({ a, n, b, m, low, high }) => {
    const found = newcombe({ successes: a, trials: n }, { successes: b, trials: m })
    expect(found.estimate).toBeCloseTo(a / n - b / m, 12)
    expect(found.low).toBeCloseTo(low, 9)
    expect(found.high).toBeCloseTo(high, 9)
  })
})

describe('what holds for every ranking', () => {
  const examples = fc.array(fc.tuple(fc.integer({ min: -4, max: 4 }), fc.boolean()), { minLength: 2, maxLength: 40 })
  const rankedOf = (list: readonly (readonly [number, boolean])[]) => ({
    scores: list.map(([score]) => score),
    positive: list.map(([, positive]) => positive),
  })

  it('ROC-AUC counts the pairs that are in order', () => {
    fc.assert(
      fc.property(examples, (list) => {
        const [hits, misses] = [list.filter(([, positive]) => positive), list.filter(([, positive]) => !positive)]
        fc.pre(hits.length > 0 && misses.length > 0)
        const pairs = hits.flatMap(([hit]) => misses.map(([miss]): number => (hit > miss ? 1 : hit === miss ? 0.5 : 0)))
        const share = pairs.reduce((sum, pair) => sum + pair, 0) / pairs.length
        expect(rocAuc(rankedOf(list))).toBeCloseTo(share, 12)
      }),
      { seed: 1 },
    )
  })

  it('the threshold at a recall keeps that recall, and no larger one does', () => {
    fc.assert(
      fc.property(examples, fc.double({ min: 0.05, max: 1, noNaN: true }), (list, recall) => {
        const hits = list.filter(([, positive]) => positive)
        fc.pre(hits.length > 0)
        const point = atRecall(rankedOf(list), recall)
        if (point === undefined) throw new Error('there is a positive')
        const recallAt = (threshold: number): number =>
          hits.filter(([score]) => score >= threshold).length / hits.length
        expect(point.recall).toBeCloseTo(recallAt(point.threshold), 12)
        expect(recallAt(point.threshold)).toBeGreaterThanOrEqual(recall - 1e-12)
        expect(recallAt(point.threshold + 0.5)).toBeLessThan(recall)
      }),
      { seed: 2 },
    )
  })

  it('a fit refuses labels of one kind, and no penalty', () => {
    expect(() => fitLogistic({ rows: [[1], [2]], positive: [true, true] }, 1)).toThrow('both kinds')
    expect(() => fitLogistic({ rows: [[1], [2]], positive: [true, false] }, 0)).toThrow('positive')
  })
})
