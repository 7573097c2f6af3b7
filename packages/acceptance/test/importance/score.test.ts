import { type Annotation, quantise, warp } from '@dsd-lab/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  classifyVocabulary,
  coupled,
  defaultCoefficients,
  type Evidence,
  keyPosition,
  scoreImportance,
} from '../../src/index.ts'
import { judging } from '../rules/judging.ts'

const evidence = (probabilities: readonly number[], change: Partial<Evidence> = {}): Evidence => {
  const logits = Float32Array.from(probabilities, Math.log)
  const law = warp(logits, { temperature: 1 })
  return {
    logits,
    target: law,
    untempered: law,
    draft: undefined,
    best: 0,
    second: 1,
    proposed: 0,
    classes: [],
    ...change,
  }
}
const certain = [0.97, 0.01, 0.01, 0.01]
const flat = [0.26, 0.25, 0.25, 0.24]

describe('scoreImportance', () => {
  it('is the logistic of the documented sum', () => {
    const probabilities = [0.5, 0.25, 0.25]
    const read = evidence(probabilities, { proposed: 1, classes: ['number', 'other'] })
    const entropy = Math.log(2) * 1.5
    const { intercept, certainty, margin, draftGap, keyClass } = defaultCoefficients
    const logOdds = intercept + certainty * Math.exp(-entropy) + margin * 0.5 + draftGap * 0.5 + keyClass
    expect(scoreImportance(read).importance).toBeCloseTo(1 / (1 + Math.exp(-logOdds)), 6)
  })

  it('calls important what its defaults were reasoned for, and says why', () => {
    expect(scoreImportance(evidence(certain, { classes: ['number'] }))).toMatchObject({
      reasons: ['low-entropy', 'margin', 'number'],
    })
    expect(scoreImportance(evidence(certain, { proposed: 2 })).reasons).toEqual(['low-entropy', 'margin', 'draft-gap'])
    expect(scoreImportance(evidence(flat, { proposed: 1, classes: ['function-word'] }))).toEqual({
      importance: expect.closeTo(0.03, 1),
      reasons: [],
    })
  })

  it('counts divergence only where the draft law travels', () => {
    const draft = quantise(warp(Float32Array.from(certain.toReversed(), Math.log), { temperature: 1 }))
    const without = scoreImportance(evidence(certain, { proposed: 3 }))
    const withLaw = scoreImportance(evidence(certain, { proposed: 3, draft }))
    expect(withLaw.importance).toBeGreaterThan(without.importance)
    expect([without.reasons.includes('divergence'), withLaw.reasons.includes('divergence')]).toEqual([false, true])
  })

  it('can be turned to the opposite hypothesis, that forks are what matters', () => {
    const coefficients = { ...defaultCoefficients, certainty: 0, margin: 0, fork: 6 }
    const forks = scoreImportance(evidence(flat), { coefficients })
    expect(forks.reasons).toEqual(['high-entropy'])
    expect(forks.importance).toBeGreaterThan(scoreImportance(evidence(certain), { coefficients }).importance)
  })

  it('stays within [0, 1] and gives no reason below its threshold', () => {
    const row = fc.array(fc.double({ min: 1e-4, max: 1, noNaN: true }), { minLength: 2, maxLength: 12 })
    fc.assert(
      fc.property(row, fc.double({ min: 0, max: 1, noNaN: true }), (probabilities, threshold) => {
        const sorted = probabilities.toSorted((a, b) => b - a)
        const { importance, reasons } = scoreImportance(evidence(sorted, { proposed: 1 }), { threshold })
        expect(importance >= 0 && importance <= 1).toBe(true)
        if (importance <= threshold) expect(reasons).toEqual([])
      }),
      { seed: 15, numRuns: 200 },
    )
  })
})

describe('keyPosition', () => {
  const criteria = { l1: 1.5, l2: 0.5, l3: 0.2, classes: ['number'] } as const

  it('passes 1/2 exactly where a criterion does', () => {
    // A draft of which only the id is known: contrast -ln p(x), agreement p(x).
    const at = (share: number) => {
      const read = evidence([0.5, share, 0.5 - share], { proposed: 1 })
      return keyPosition(read, { ...criteria, l1: -Math.log(0.25), l2: 1, l3: 0 }).importance
    }
    expect(at(0.24)).toBeGreaterThan(0.5)
    expect(at(0.26)).toBeLessThan(0.5)
  })

  it('names every criterion that holds', () => {
    const read = evidence(certain, { proposed: 2, classes: ['other', 'number'] })
    expect(keyPosition(read, criteria)).toEqual({
      importance: 1,
      reasons: ['divergence', 'margin', 'draft-gap', 'number'],
    })
    expect(keyPosition(evidence(certain), criteria).reasons).toEqual([])
  })

  it('asks nothing about a draft on the bonus row', () => {
    expect(keyPosition(evidence(flat, { proposed: undefined }), criteria)).toEqual({ importance: 0, reasons: [] })
  })
})

describe('annotations', () => {
  const rows = [certain, flat, flat]
  const tokenClasses = classifyVocabulary([' 7', ' the', ' of', ' a'])
  const annotationsOf = (annotate: boolean): readonly Annotation[] =>
    judging({ spec: coupled(), rows, drafted: [0, 0], tokenClasses, annotate }).annotations

  it('carry importance and reasons for every judged token when asked, the bonus token included', () => {
    expect(annotationsOf(true)).toEqual([
      expect.objectContaining({
        origin: 'draft',
        importance: expect.any(Number),
        reasons: ['low-entropy', 'margin', 'number'],
      }),
      expect.objectContaining({ origin: 'draft', entropyNats: expect.any(Number), reasons: [] }),
      expect.objectContaining({ origin: 'bonus', importance: expect.any(Number), marginNats: expect.any(Number) }),
    ])
  })

  it('cost nothing when not asked', () => {
    expect(annotationsOf(false)).toEqual([{ origin: 'draft' }, { origin: 'draft' }, { origin: 'bonus' }])
  })
})
