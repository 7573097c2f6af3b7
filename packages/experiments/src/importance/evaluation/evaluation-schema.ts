import { z } from 'zod'
import { estimateSchema } from '../../store/schema.ts'
import { FLIP_KINDS, IMPORTANCE_SCHEMA_VERSION } from '../schema.ts'

const count = z.number().int().nonnegative()
/** Null where it is not defined, as an AUC without a positive. */
const maybe = z.number().nullable()

export const baseRateSchema = z.object({
  /** A task, or `all`. */
  task: z.string(),
  kind: z.enum(FLIP_KINDS),
  by: z.enum(['all', 'class', 'place']),
  name: z.string(),
  flips: count,
  important: count,
  prompts: count,
  /** Wilson's interval with the number of trials divided by the design effect of prompts. */
  rate: estimateSchema,
})
export type BaseRate = z.infer<typeof baseRateSchema>

export const rankedSignalSchema = z.object({
  task: z.string(),
  signal: z.string(),
  /** Whether large or small values were expected to be important. */
  expected: z.enum(['large', 'small']),
  /** Area under the ROC curve in the expected direction, below 1/2 where the opposite holds; bootstrap over prompts. */
  rocAuc: estimateSchema.nullable(),
  prAuc: maybe,
  /** Share of the unimportant mismatches that are let through while 0.95 and 0.99 of the important ones are not. */
  recovered95: maybe,
  recovered99: maybe,
})
export type RankedSignal = z.infer<typeof rankedSignalSchema>

export const transferSchema = z.object({ fittedTo: z.string(), testedOn: z.string(), rocAuc: maybe, prAuc: maybe })
export type Transfer = z.infer<typeof transferSchema>

export const fitReportSchema = z.object({
  folds: count,
  l2: z.number(),
  /** ROC-AUC on the folds left out, by penalty. */
  tried: z.array(z.object({ l2: z.number(), rocAuc: z.number() })),
  reliability: z.array(
    z.object({ from: z.number(), to: z.number(), count, predicted: z.number(), observed: z.number() }),
  ),
  calibrationError: z.number(),
  transfer: z.array(transferSchema),
})
export type FitReport = z.infer<typeof fitReportSchema>

const entropyBandSchema = z.object({
  /** Entropy of the target's law in the band, nats. */
  from: z.number(),
  to: z.number(),
  flips: count,
  important: estimateSchema,
  /** Mean share of the text behind the flip that is rewritten. */
  rewritten: estimateSchema,
})

export const hypothesesSchema = z.object({
  task: z.string(),
  /** Quarters of all flips by the draft model's token and, at agreed places, by the second choice; low entropy first. */
  bands: z.array(entropyBandSchema),
  /** Important in the lowest quarter minus in the highest, points of share, bootstrap over prompts. */
  importantLowMinusHigh: estimateSchema.nullable(),
  /** Rewritten in the highest quarter minus in the lowest. */
  rewrittenHighMinusLow: estimateSchema.nullable(),
  /** The same among flips that did not cost the answer: another way to the same end. */
  harmlessHighMinusLow: estimateSchema.nullable(),
})
export type Hypotheses = z.infer<typeof hypothesesSchema>

export const evaluationSchema = z.object({
  schema: z.literal(IMPORTANCE_SCHEMA_VERSION),
  id: z.string(),
  tasks: z.array(
    z.object({
      task: z.string(),
      prompts: count,
      /** Answered right without a flip; only these are flipped. */
      correct: count,
      /** Of those. */
      tokens: count,
      mismatches: count,
    }),
  ),
  baseRates: z.array(baseRateSchema),
  signals: z.array(rankedSignalSchema),
  /** Absent with the reason where there are too few labels. */
  fit: fitReportSchema.nullable(),
  noFit: z.string().nullable(),
  hypotheses: z.array(hypothesesSchema),
  effects: z.object({
    sampled: count,
    /** Interval of the effect excludes 0. */
    certain: count,
    /** Mean effect by the label of the greedy flip. */
    meanOfImportant: maybe,
    meanOfUnimportant: maybe,
    /** Effects that are certainly above 0, by label. */
    certainOfImportant: count,
    important: count,
    certainOfUnimportant: count,
    unimportant: count,
  }),
})
export type Evaluation = z.infer<typeof evaluationSchema>
