import type { ImportanceReason } from '@dsd-lab/core'
import { TOKEN_CLASSES } from '@dsd-lab/core'
import { z } from 'zod'
import type { Evidence } from './evidence.ts'
import { FITTED_FEATURES, fittedFeatures } from './fitted-features.ts'
import { type Importance, reasonOfClass } from './score.ts'
import { rowSignals } from './signals.ts'

/** Version of the scorer's format; a reader takes no other. */
export const FITTED_SCORER_VERSION = 1

const model = z.strictObject({ ref: z.string(), digest: z.string() })
const share = z.number().gte(0).lte(1)

/** A scorer fitted to measured labels, with where it comes from: what `exp importance` writes as `scorer.json`. */
export const fittedScorerSchema = z.strictObject({
  version: z.literal(FITTED_SCORER_VERSION),
  /** sigma(intercept + sum of weight * (feature - mean) / scale). */
  intercept: z.number(),
  features: z.array(
    z.strictObject({
      name: z.enum([...FITTED_FEATURES]),
      mean: z.number(),
      scale: z.number().positive(),
      weight: z.number(),
    }),
  ),
  /** Importance above which a position is key: the one that called `recall` of the important flips so, on prompts that it was not fitted to. */
  threshold: share,
  provenance: z.strictObject({
    /** SHA-256 of the labels, hex. */
    labels: z.string(),
    target: model,
    draft: model,
    tasks: z.array(z.string()),
    flips: z.int().nonnegative(),
    important: z.int().nonnegative(),
    /** Prompts are split into so many folds; what follows is measured on the fold left out. */
    folds: z.int().positive(),
    l2: z.number().positive(),
    rocAuc: z.number(),
    prAuc: z.number(),
    recall: share,
  }),
})
export type FittedScorer = z.infer<typeof fittedScorerSchema>

/** A term must add this much log-odds to be named as a reason: it multiplies the odds by 1.6. */
const REASON_LOG_ODDS = 0.5

/** Importance of a position by a fitted scorer; the reasons are the terms that argue for it. */
export function scoreFitted(evidence: Evidence, { intercept, features, threshold }: FittedScorer): Importance {
  const { logits, untempered: law, best, proposed = best, classes } = evidence
  const [ownClass, draftClass] = classes
  const values = fittedFeatures({ signals: rowSignals({ logits, law, drafted: proposed }), ownClass, draftClass })
  const terms = features.map(({ name, mean, scale, weight }) => {
    const deviation = ((values[FITTED_FEATURES.indexOf(name)] ?? 0) - mean) / scale
    return { name, deviation, logOdds: weight * deviation }
  })
  const importance = 1 / (1 + Math.exp(-terms.reduce((sum, { logOdds }) => sum + logOdds, intercept)))
  if (importance <= threshold) return { importance, reasons: [] }
  const reasons = terms.flatMap(({ name, deviation, logOdds }) =>
    logOdds >= REASON_LOG_ODDS ? (reasonOf(name, deviation) ?? []) : [],
  )
  return { importance, reasons: [...new Set(reasons)] }
}

/** What a feature that speaks for importance stands for. */
function reasonOf(feature: string, deviation: number): ImportanceReason | undefined {
  const named = TOKEN_CLASSES.find((one) => feature === `own:${one}` || feature === `draft:${one}`)
  if (named !== undefined) return deviation > 0 ? reasonOfClass(named) : undefined
  if (feature.endsWith('ntropy')) return deviation > 0 ? 'high-entropy' : 'low-entropy'
  if (feature === 'top1') return deviation > 0 ? 'low-entropy' : 'high-entropy'
  if (feature === 'margin') return 'margin'
  return feature === 'sameClass' ? undefined : 'draft-gap'
}
