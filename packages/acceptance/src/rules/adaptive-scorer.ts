import { z } from 'zod'
import type { Evidence } from '../importance/evidence.ts'
import { fittedScorerSchema, scoreFitted } from '../importance/fitted-scorer.ts'
import { KEY_THRESHOLD, type KeyCriteria, keyPosition } from '../importance/key-position.ts'
import {
  DEFAULT_THRESHOLD,
  defaultCoefficients,
  type Importance,
  type ScoreCoefficients,
  scoreImportance,
} from '../importance/score.ts'

const coefficient = (name: keyof ScoreCoefficients) => z.number().default(defaultCoefficients[name])

const coefficientsSchema = z.strictObject({
  intercept: coefficient('intercept'),
  certainty: coefficient('certainty'),
  fork: coefficient('fork'),
  margin: coefficient('margin'),
  draftGap: coefficient('draftGap'),
  divergence: coefficient('divergence'),
  keyClass: coefficient('keyClass'),
  plainClass: coefficient('plainClass'),
} satisfies Record<keyof ScoreCoefficients, unknown>)

/** Which scorer decides what is key, as JSON. */
export const scorerSchema = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('criteria') }),
    z.strictObject({
      kind: z.literal('logistic'),
      /** Importance above which a position is key. */
      threshold: z.number().gte(0).lte(1).default(DEFAULT_THRESHOLD),
      coefficients: coefficientsSchema.default(defaultCoefficients),
    }),
    z.strictObject({
      kind: z.literal('fitted'),
      /** As `exp importance` wrote it; it holds for the models that it was fitted to. */
      scorer: fittedScorerSchema,
      /** Importance above which a position is key. Default: the scorer's own. */
      threshold: z.number().gte(0).lte(1).optional(),
    }),
  ])
  .default({ kind: 'criteria' })
  .describe(
    "{ kind: 'criteria' }, { kind: 'logistic', threshold from 0 to 1, coefficients } or { kind: 'fitted', scorer, threshold }",
  )

/** Importance of a position and whether it is key. */
export type KeyScorer = (evidence: Evidence) => Importance & { readonly key: boolean }

export function scorerOf(scorer: z.output<typeof scorerSchema>, criteria: KeyCriteria): KeyScorer {
  if (scorer.kind === 'criteria') {
    return (evidence) => {
      const scored = keyPosition(evidence, criteria)
      return { ...scored, key: scored.importance > KEY_THRESHOLD }
    }
  }
  if (scorer.kind === 'fitted') {
    const fitted = { ...scorer.scorer, threshold: scorer.threshold ?? scorer.scorer.threshold }
    return (evidence) => {
      const scored = scoreFitted(evidence, fitted)
      return { ...scored, key: scored.importance > fitted.threshold }
    }
  }
  const { threshold, coefficients } = scorer
  return (evidence) => {
    const scored = scoreImportance(evidence, { threshold, coefficients })
    return { ...scored, key: scored.importance > threshold }
  }
}
