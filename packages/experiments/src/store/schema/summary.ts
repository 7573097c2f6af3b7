import { z } from 'zod'
import { count, id, RUN_SCHEMA_VERSION } from './fields.ts'
import { byPositionSchema } from './results.ts'

/** A point estimate with a two-sided 95 % interval, never one without the other. */
export const estimateSchema = z.object({ estimate: z.number(), low: z.number(), high: z.number() })

/** One variant on one task, over all networks: what does not depend on time. */
export const qualitySchema = z.object({
  variant: id,
  task: z.string(),
  items: count,
  /** Null where the task is not graded. */
  accuracy: estimateSchema.extend({ correct: count, trials: count }).nullable(),
  /** Tokens committed a round, the target's own token included. */
  tokensPerRound: estimateSchema,
  /** Share of drafted tokens kept. */
  acceptance: estimateSchema,
  byPosition: byPositionSchema,
  /** All rounds, those that drafted nothing included; absent in older runs. */
  rounds: count.optional(),
  /** Share of committed tokens that were kept against the target's own choice. */
  relaxedRate: z.number(),
  /** Share of mismatches that were kept. */
  relaxedOfMismatches: z.number(),
  /** Accuracy against the baseline arm, paired by item; null on the baseline itself, and where nothing is graded. Points are percentage points. */
  versusBaseline: z
    .object({
      differencePoints: estimateSchema,
      mcnemarP: z.number(),
      mcnemarMidP: z.number().optional(),
      marginPoints: z.number(),
      /** Exact, one-sided; null where a prompt was graded several times. */
      nonInferiorityP: z.number().nullable().optional(),
      nonInferior: z.boolean(),
      /** Both after Holm's adjustment over the relaxed variants of the task that are no controls; absent on all others. */
      holm: z.object({ mcnemarP: z.number(), nonInferiorityP: z.number().nullable() }).optional(),
    })
    .nullable(),
})

/** One variant on one task under one condition. */
export const speedSchema = z.object({
  variant: id,
  task: z.string(),
  condition: id,
  msPerToken: estimateSchema,
  /** Ratio of mean ms per token, autoregressive over this, paired and clustered by item. */
  speedupOverAutoregressive: estimateSchema.nullable(),
  /** The same over the baseline arm. */
  speedupOverBaseline: estimateSchema.nullable(),
  roundsPerToken: z.number(),
  forwardBytesPerToken: z.number(),
  verdictBytesPerToken: z.number(),
  /** Speed-up that the cost formula of the paper and the general cost model predict from the acceptance alone; null where windows are not of one size: chosen on the way, or as long as what a drafter finds. */
  predicted: z.object({ paper: z.number(), general: z.number() }).nullable(),
})

/** The drafts of one variant on one task whose committed token is of one type. */
export const tokenTypeSchema = z.object({
  variant: id,
  task: z.string(),
  by: z.enum(['class', 'place']),
  name: z.string(),
  judged: count,
  /** Share of them kept, those against the target's choice included. */
  acceptance: estimateSchema,
  relaxed: count,
  corrected: count,
  /** Null where the rule did not score. */
  meanImportance: z.number().nullable(),
})

export const diagnosisSchema = z.object({
  code: z.enum(['weak-draft', 'links-too-fast', 'window-too-long', 'threshold-too-loose']),
  message: z.string(),
  /** The number that shows it. */
  value: z.number(),
  variant: id.nullable(),
  task: z.string().nullable(),
  condition: id.nullable(),
})

export const summarySchema = z.object({
  schema: z.literal(RUN_SCHEMA_VERSION),
  runId: id,
  title: z.string(),
  baseline: z.string(),
  quality: z.array(qualitySchema),
  speed: z.array(speedSchema),
  /**
   * By how much two runs of the baseline on other prompts would differ, 95 %: unpaired, the largest over tasks and networks. Null where no
   * task has the prompts to tell, or none is graded.
   */
  noiseFloor: z.object({ speedup: z.number().nullable(), accuracyPoints: z.number().nullable() }),
  diagnoses: z.array(diagnosisSchema),
  /** Absent in runs that are older than it. */
  tokenTypes: z.array(tokenTypeSchema).optional(),
})

export type Estimate = z.infer<typeof estimateSchema>
export type Quality = z.infer<typeof qualitySchema>
export type Speed = z.infer<typeof speedSchema>
export type TokenType = z.infer<typeof tokenTypeSchema>
export type Diagnosis = z.infer<typeof diagnosisSchema>
export type Summary = z.infer<typeof summarySchema>
