import { TOKEN_CLASSES, warp } from '@dsd-lab/core'
import { describe, expect, it } from 'vitest'
import {
  dsdAdaptive,
  type Evidence,
  FITTED_FEATURES,
  type FittedScorer,
  fittedScorerSchema,
  ruleSpecSchema,
  scoreFitted,
} from '../../src/index.ts'
import { judging } from '../rules/judging.ts'

const model = { ref: 'some-model', digest: 'abc' }

/** Weights by feature; the others count nothing. */
function scorerWith(weights: Readonly<Record<string, number>>, change: Partial<FittedScorer> = {}): FittedScorer {
  return fittedScorerSchema.parse({
    version: 1,
    intercept: -1,
    features: FITTED_FEATURES.map((name) => ({ name, mean: 0, scale: 2, weight: weights[name] ?? 0 })),
    threshold: 0.5,
    provenance: {
      labels: 'ff',
      target: model,
      draft: model,
      tasks: ['t'],
      flips: 4,
      important: 2,
      folds: 5,
      l2: 1,
      rocAuc: 0.9,
      prAuc: 0.8,
      recall: 1,
    },
    ...change,
  })
}

const probabilities = [0.6, 0.3, 0.1]
const logits = Float32Array.from(probabilities, Math.log)
const law = warp(logits, { temperature: 1 })
const evidence: Evidence = {
  logits,
  target: law,
  untempered: law,
  draft: undefined,
  best: 0,
  second: 1,
  proposed: 2,
  classes: ['number', 'other'],
}

describe('a fitted scorer', () => {
  it('is the logistic of standardised features', () => {
    const { importance } = scoreFitted(evidence, scorerWith({ gap: 3, 'own:number': 1 }))
    const logOdds = -1 + (3 * Math.log(6)) / 2 + 1 / 2
    expect(importance).toBeCloseTo(1 / (1 + Math.exp(-logOdds)), 6)
  })

  it('says why, and only where it is important', () => {
    expect(scoreFitted(evidence, scorerWith({ gap: 3, 'own:number': 1 })).reasons).toEqual(['draft-gap', 'number'])
    expect(scoreFitted(evidence, scorerWith({ gap: -3 }))).toMatchObject({ reasons: [] })
  })

  it('makes a position key for dsd-adaptive above its threshold, and above one of the rule', () => {
    const table = Uint8Array.of(TOKEN_CLASSES.indexOf('number'), 0, 0)
    const accepted = (weight: number, threshold?: number): number =>
      judging({
        spec: dsdAdaptive({
          tau: 0.6,
          scorer: {
            kind: 'fitted',
            scorer: scorerWith({ 'own:number': weight }),
            ...(threshold === undefined ? {} : { threshold }),
          },
        }),
        rows: [probabilities, probabilities],
        drafted: [1],
        tokenClasses: table,
      }).accepted
    expect(accepted(0)).toBe(1)
    expect(accepted(8)).toBe(0)
    expect(accepted(0, 0.2)).toBe(0)
  })

  it('travels as JSON', () => {
    const spec = dsdAdaptive({ scorer: { kind: 'fitted', scorer: scorerWith({ gap: 1 }) } })
    expect(ruleSpecSchema.parse(JSON.parse(JSON.stringify(spec)))).toEqual(spec)
  })

  it('refuses what is no scorer', () => {
    const { provenance: _, ...rest } = scorerWith({})
    expect(() => fittedScorerSchema.parse(rest)).toThrow('provenance')
    expect(() => scorerWith({}, { threshold: 2 })).toThrow('threshold')
    expect(
      ruleSpecSchema.safeParse({ name: 'dsd-adaptive', scorer: { kind: 'fitted' } }).error?.issues[0],
    ).toMatchObject({ message: expect.stringContaining("{ kind: 'fitted', scorer, threshold }") })
  })
})
