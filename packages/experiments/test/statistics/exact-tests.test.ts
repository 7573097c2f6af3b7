import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  holm,
  mcnemarExact,
  mcnemarMidP,
  nonInferiorityExactP,
  normalCdf,
  normalQuantile,
  promptsForMargin,
  showableMarginPoints,
  studentQuantile,
  tangoScore,
} from '../../src/statistics/index.ts'
import reference from './fixtures/reference.json' with { type: 'json' }

describe('laws and tests agree with scipy and statsmodels', () => {
  it.each(reference.normal)('normal law at $x', ({ x, cdf }) => {
    expect(normalCdf(x) / cdf).toBeCloseTo(1, 11)
    if (Math.abs(x) < 5) expect(normalQuantile(cdf)).toBeCloseTo(x, 11)
  })

  it.each(reference.student)('Student, $freedom degrees of freedom, p $p', ({ p, freedom, t }) => {
    expect(studentQuantile(p, freedom) / t).toBeCloseTo(1, 9)
    expect(studentQuantile(1 - p, freedom) / t).toBeCloseTo(-1, 9)
  })

  it.each(reference.holm)('Holm: $p', ({ p, adjusted }) => {
    for (const [index, value] of holm(p).entries()) expect(value).toBeCloseTo(adjusted[index] ?? Number.NaN, 12)
  })

  it.each(reference.mcnemar)('McNemar, mid-p: $gained gained, $lost lost', ({ gained, lost, midP }) => {
    expect(mcnemarMidP({ gained, lost })).toBeCloseTo(midP, 12)
  })

  it.each(reference.nonInferiority)(
    'non-inferiority by all tables: $gained gained, $lost lost of $prompts at $margin',
    ({ margin, score, p, ...counts }) => {
      expect(tangoScore(counts, margin)).toBeCloseTo(score, 6)
      expect(nonInferiorityExactP(counts, margin)).toBeCloseTo(p, 6)
    },
  )
})

const counts = fc
  .tuple(fc.integer({ min: 2, max: 60 }), fc.nat(60), fc.nat(60))
  .filter(([prompts, gained, lost]) => gained + lost <= prompts)
  .map(([prompts, gained, lost]) => ({ prompts, gained, lost }))

describe('properties', () => {
  it('a wider margin and one loss less are easier to show', () => {
    fc.assert(
      fc.property(counts, fc.double({ min: 0.01, max: 0.4, noNaN: true }), (table, margin) => {
        const p = nonInferiorityExactP(table, margin)
        expect(nonInferiorityExactP(table, margin + 0.1)).toBeLessThanOrEqual(p + 1e-9)
        const milder = { ...table, lost: Math.max(0, table.lost - 1) }
        expect(nonInferiorityExactP(milder, margin)).toBeLessThanOrEqual(p + 1e-9)
      }),
      { seed: 3, numRuns: 60 },
    )
  })

  it('the mid-p lies below the exact p of McNemar, by half the chance of the table on each side', () => {
    fc.assert(
      fc.property(fc.nat(80), fc.nat(80), (gained, lost) => {
        const [mid, exact] = [mcnemarMidP({ gained, lost }), mcnemarExact({ gained, lost })]
        expect(mid).toBeLessThanOrEqual(exact)
        expect(mid).toBeGreaterThanOrEqual(exact / 2 - 1e-12)
      }),
      { seed: 4, numRuns: 200 },
    )
  })

  it('Holm never lowers a p-value, keeps their order, and lies below Bonferroni', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 }), (p) => {
        const adjusted = holm(p)
        for (const [index, value] of p.entries()) {
          expect(adjusted[index]).toBeGreaterThanOrEqual(value)
          expect(adjusted[index]).toBeLessThanOrEqual(Math.min(1, value * p.length))
          for (const [other, larger] of p.entries())
            if (larger >= value) expect(adjusted[other]).toBeGreaterThanOrEqual(adjusted[index] ?? 0)
        }
      }),
      { seed: 5, numRuns: 200 },
    )
  })
})

/** P(gained, lost) where each of both has the chance `half` at every prompt. */
function trinomialMass({
  prompts,
  gained,
  lost,
  half,
}: {
  readonly prompts: number
  readonly gained: number
  readonly lost: number
  readonly half: number
}): number {
  const logChoose = (n: number, k: number): number => {
    let log = 0
    for (let i = 1; i <= k; i++) log += Math.log((n - k + i) / i)
    return log
  }
  const differing = gained + lost
  return Math.exp(
    logChoose(prompts, differing) +
      logChoose(differing, gained) +
      differing * Math.log(half) +
      (prompts - differing) * Math.log1p(-2 * half),
  )
}

describe('sample size', () => {
  it('100 items can show that no more than 10 points are lost, not 2', () => {
    const discordance = 0.1
    expect(showableMarginPoints({ prompts: 100, discordance })).toBeCloseTo(10.2, 1)
    expect(promptsForMargin({ marginPoints: 2, discordance })).toBe(2005)
  })

  it.each([24, 40, 60])(
    'at the margin that %i items can show, the exact test has the power of the forecast',
    (prompts) => {
      const discordance = 0.1
      const margin = showableMarginPoints({ prompts, discordance }) / 100
      const half = discordance / 2
      let power = 0
      for (let gained = 0; gained <= prompts; gained++) {
        for (let lost = 0; gained + lost <= prompts; lost++) {
          const mass = trinomialMass({ prompts, gained, lost, half })
          if (mass > 1e-4 && nonInferiorityExactP({ prompts, gained, lost }, margin) <= 0.025) power += mass
        }
      }
      expect(Math.abs(power - 0.8)).toBeLessThan(0.03)
    },
  )

  it('both directions agree', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 10, max: 5000 }),
        fc.double({ min: 0.01, max: 0.5, noNaN: true }),
        (prompts, share) => {
          const marginPoints = showableMarginPoints({ prompts, discordance: share })
          if (marginPoints < 99) {
            const needed = promptsForMargin({ marginPoints, discordance: share })
            expect(Math.abs(needed - prompts)).toBeLessThanOrEqual(1)
          }
        },
      ),
      { seed: 6, numRuns: 100 },
    )
  })
})

describe('what it refuses', () => {
  it.each([
    [() => nonInferiorityExactP({ prompts: 3, gained: 2, lost: 2 }, 0.1), '4 of 3 prompts cannot differ'],
    [() => nonInferiorityExactP({ prompts: 3, gained: 0, lost: 0 }, 0), 'a margin lies in (0, 1); got 0'],
    [() => normalQuantile(1.2), 'a probability lies in [0, 1]; got 1.2'],
    [() => studentQuantile(0.5, 0), 'whole degrees of freedom'],
  ])('says why, case %#', (call, message) => {
    expect(call).toThrow(message)
  })
})
