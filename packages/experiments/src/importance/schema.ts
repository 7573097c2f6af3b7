import { TOKEN_CLASSES } from '@dsd-lab/core'
import { z } from 'zod'
import { modelRecordSchema, taskRecordSchema } from '../store/schema.ts'
import { PLACES } from '../summary/places.ts'

/**
 * The folder of a measurement:
 *
 *     <runs>/importance-<name>-<id>/manifest.json      what was flipped, with what, on what
 *     <runs>/importance-<name>-<id>/work.jsonl         finished work, one step of one item a line
 *     <runs>/importance-<name>-<id>/answers.jsonl      one line an item: the target's own answer
 *     <runs>/importance-<name>-<id>/labels.jsonl       one line a flip
 *     <runs>/importance-<name>-<id>/effects.jsonl      one line a sampled effect size
 *     <runs>/importance-<name>-<id>/evaluation.json    what the labels say of the signals
 *     <runs>/importance-<name>-<id>/scorer.json        the scorer fitted to them
 */
export const IMPORTANCE_SCHEMA_VERSION = 1

const count = z.number().int().nonnegative()

/**
 * Which token was put where:
 *
 *     independent   the draft model's, at every mismatch of the target's own answer
 *     semi-greedy   the same along a text that keeps every harmless flip before it (AutoJudge)
 *     random-top5   a random one of the target's five most likely other than its own, at sampled mismatches
 *     matching      the target's second choice, at sampled places where the draft model agrees with it
 */
export const FLIP_KINDS = ['independent', 'semi-greedy', 'random-top5', 'matching'] as const
export type FlipKind = (typeof FLIP_KINDS)[number]

export const signalsSchema = z.object({
  entropy: z.number(),
  top3Entropy: z.number(),
  top1: z.number(),
  margin: z.number(),
  gap: z.number(),
  surprisal: z.number(),
  rank: count,
  overlap: z.number(),
  klTargetDraft: z.number(),
  klDraftTarget: z.number(),
  js: z.number(),
  entropyRatio: z.number(),
  /** Moving average of agreement over the places before, 1 at the beginning. */
  agreement: z.number(),
})
export type Signals = z.infer<typeof signalsSchema>
export type SignalName = keyof Signals

export const rowSchema = z.object({
  /** Index of the token in the answer. */
  at: count,
  place: z.enum(PLACES),
  /** The target's own token. */
  token: count,
  /** The draft model's token there; of a match the same. */
  draft: count,
  tokenClass: z.enum(TOKEN_CLASSES),
  draftClass: z.enum(TOKEN_CLASSES),
  top: z.array(count),
  signals: signalsSchema,
})
export type Row = z.infer<typeof rowSchema>

/** Digest of an item, of how it was put and of the longest answer: what else the work on it depends on is in the folder's name. */
const workKey = z.string()

/** The target's own answer to an item. */
export const answerEntrySchema = z.object({
  step: z.literal('answer'),
  key: workKey,
  task: z.string(),
  item: z.string(),
  sequence: count,
  promptTokens: count,
  tokens: z.array(count),
  /** Null where the task has no right answers. */
  correct: z.boolean().nullable(),
  reason: z.string(),
  rows: z.array(rowSchema),
  /** Whether the models agree, by token. `[tokens]` */
  agrees: z.array(z.boolean()),
})

/** A flip and what came of it. */
export const outcomeSchema = rowSchema.omit({ top: true }).extend({
  kind: z.enum(FLIP_KINDS),
  /** The token that was put in place of `token`. */
  flipped: count,
  /** Share of the target's own tokens behind the flip that did not come back, in order, at its beginning or end; in [0, 1]. */
  rewritten: z.number(),
  /** Whether the answer was no longer right. */
  important: z.boolean(),
})
export type Outcome = z.infer<typeof outcomeSchema>

const flipsEntrySchema = z.object({
  step: z.literal('flips'),
  key: workKey,
  outcomes: z.array(outcomeSchema),
})

/** All steps of one semi-greedy walk. */
const walkEntrySchema = flipsEntrySchema.extend({ step: z.literal('walk') })

const effectSchema = z.object({
  at: count,
  token: count,
  draft: count,
  /** Sampled continuations of either side. */
  rollouts: count,
  correctOwn: count,
  correctFlipped: count,
  /** P(correct | own token) - P(correct | draft token), with Newcombe's interval. */
  difference: z.number(),
  low: z.number(),
  high: z.number(),
  /** Label of the independent flip. */
  important: z.boolean(),
})
export type Effect = z.infer<typeof effectSchema>
const effectEntrySchema = z.object({
  step: z.literal('effect'),
  key: workKey,
  effect: effectSchema,
})

export const workEntrySchema = z.discriminatedUnion('step', [
  answerEntrySchema,
  flipsEntrySchema,
  walkEntrySchema,
  effectEntrySchema,
])
export type WorkEntry = z.infer<typeof workEntrySchema>
export type AnswerEntry = z.infer<typeof answerEntrySchema>

/** One line of `answers.jsonl`. */
export const answerLineSchema = answerEntrySchema
  .pick({ task: true, item: true, sequence: true, promptTokens: true, correct: true, reason: true })
  .extend({ tokens: count, mismatches: count })
export type AnswerLine = z.infer<typeof answerLineSchema>

/** One line of `labels.jsonl`. */
export const labelSchema = outcomeSchema.extend({
  task: z.string(),
  item: z.string(),
  sequence: count,
  /** Absolute, prompt included; of a semi-greedy flip in the text as it stood then. */
  position: count,
})
export type Label = z.infer<typeof labelSchema>

export const effectLineSchema = effectSchema.extend({ task: z.string(), item: z.string() })
export type EffectLine = z.infer<typeof effectLineSchema>

export const importanceManifestSchema = z.object({
  kind: z.literal('importance'),
  schema: z.literal(IMPORTANCE_SCHEMA_VERSION),
  id: z.string(),
  title: z.string(),
  /** ISO 8601, UTC. */
  createdAt: z.string(),
  file: z.string(),
  models: z.object({ target: modelRecordSchema, draft: modelRecordSchema }),
  engine: z.object({ name: z.string(), version: z.string() }),
  /** Digest of the source that makes labels. */
  code: z.string(),
  tasks: z.array(taskRecordSchema),
  settings: z.object({
    /** A flipped answer may have so many times the tokens of the target's own. */
    lengthCap: z.number(),
    /** Sampled places of each control in an answer. */
    controls: count,
    /** Every so-manieth item is walked semi-greedily too. */
    walkEvery: z.number().int().positive(),
    /** Drafts a round of the rule that the walks are labels for; absent: every mismatch is judged. */
    walkWindow: z.number().int().positive().optional(),
    /** Mismatches of a task whose effect size is sampled, continuations of either side, and their temperature. */
    effects: count,
    rollouts: count,
    temperature: z.number(),
  }),
})
export type ImportanceManifest = z.infer<typeof importanceManifestSchema>
