import { z } from 'zod'
import type { Evidence } from '../importance/evidence.ts'
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
  ])
  .default({ kind: 'criteria' })
  .describe("{ kind: 'criteria' } or { kind: 'logistic', threshold from 0 to 1, coefficients }")

/** Importance of a position and whether it is key. */
export type KeyScorer = (evidence: Evidence) => Importance & { readonly key: boolean }

export function scorerOf(scorer: z.output<typeof scorerSchema>, criteria: KeyCriteria): KeyScorer {
  if (scorer.kind === 'criteria') {
    return (evidence) => {
      const scored = keyPosition(evidence, criteria)
      return { ...scored, key: scored.importance > KEY_THRESHOLD }
    }
  }
  const { threshold, coefficients } = scorer
  return (evidence) => {
    const scored = scoreImportance(evidence, { threshold, coefficients })
    return { ...scored, key: scored.importance > threshold }
  }
}
