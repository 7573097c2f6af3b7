import { z } from 'zod'
import { estimateSchema } from './schema.ts'

export const verdictSchema = z.enum(['reproduced', 'refuted', 'not testable here'])
/** How a number is shown: times, per cent, percentage points. */
export const unitSchema = z.enum(['x', '%', 'points'])

/** What one run says about a claim. */
export const findingSchema = z.object({
  verdict: verdictSchema,
  /** `what` names the number: `adaptive, tau 0.2 over strict`. Null where nothing was measured. */
  measured: z.object({ what: z.string(), value: estimateSchema, unit: unitSchema }).nullable(),
  /** Items, networks: what the number holds for. */
  conditions: z.string(),
  /** Why the rule gives this verdict, or what is missing; a sentence without a full stop. */
  because: z.string(),
  /** Numbers that belong beside it: controls, other settings. */
  beside: z.array(z.string()),
})

/** A finding with the run that it rests on. */
export const judgedReadingSchema = findingSchema.extend({
  /** File name in the catalogue; null where nothing can be read for the claim. */
  experiment: z.string().nullable(),
  runId: z.string().nullable(),
  /** `qwen2.5-coder-1.5b drafted by qwen2.5-coder-0.5b`; null without a run. */
  pair: z.string().nullable(),
  /** That one task stands in for another. */
  note: z.string().nullable(),
})

/** A claim, the rule that decides it, and what every run says: the output of `exp claims --json`. */
export const judgedClaimSchema = z.object({
  id: z.string(),
  text: z.string(),
  source: z.string(),
  rule: z.string(),
  readings: z.array(judgedReadingSchema),
})

export type Verdict = z.infer<typeof verdictSchema>
export type Unit = z.infer<typeof unitSchema>
export type Finding = z.infer<typeof findingSchema>
export type JudgedReading = z.infer<typeof judgedReadingSchema>
export type JudgedClaim = z.infer<typeof judgedClaimSchema>
