import { z } from 'zod'
import { IMPORTANCE_REASONS, TOKEN_ORIGINS } from '../verification/annotation.ts'

/** Version of the line format; a reader refuses a newer one by name. */
export const TRACE_VERSION = 1

const ms = z.number().finite().nonnegative()
const count = z.number().int().nonnegative()

/** Opens the text of one task item; the events after it belong to that item until its `end`. */
const sessionEvent = z.object({
  type: z.literal('session'),
  version: z.literal(TRACE_VERSION),
  /** Id of the task item. */
  item: z.string(),
  sequence: count,
  promptTokens: count,
})

/** What one synchronisation round decided; the same on every network. */
const roundEvent = z.object({
  type: z.literal('round'),
  index: count,
  /** Position of the last committed token before the round. */
  at: z.number().int().gte(-1),
  rows: count,
  forced: count,
  drafted: z.array(count),
  accepted: count,
  next: count,
  draftSteps: count,
  /** As in `Round`. Absent: nothing was drafted ahead. */
  ahead: z.object({ foreseen: z.boolean(), steps: count }).exactOptional(),
  retries: count,
  /** Bytes on the link to the head beside the rows: OPEN section, travelling draft laws. Absent: none. */
  extraBytes: count.optional(),
})

/** What the round added to the text, cut at the end-of-text token. All arrays have one entry a token. */
const commitEvent = z.object({
  type: z.literal('commit'),
  round: count,
  position: count,
  tokens: z.array(count),
  origins: z.array(z.enum(TOKEN_ORIGINS)),
  /** Importance in [0, 1]; null where the rule did not score. */
  importance: z.array(z.number().nullable()).optional(),
  reasons: z.array(z.array(z.enum(IMPORTANCE_REASONS))).optional(),
  entropyNats: z.array(z.number().nullable()).optional(),
  marginNats: z.array(z.number().nullable()).optional(),
  finish: z.enum(['eos', 'length']).optional(),
})

/** Where the time and the bytes of one round went, on one network. */
const timingEvent = z.object({
  type: z.literal('timing'),
  index: count,
  startMs: ms,
  draftMs: ms,
  /** Head first. `[nodes]` */
  computeMs: z.array(ms),
  queueMs: z.array(ms),
  /** Coordinator to head, head to next, ... `[nodes]` */
  linkMs: z.array(ms),
  returnMs: ms,
  totalMs: ms,
  forwardBytes: z.array(count),
  verdictBytes: count,
})

const endEvent = z.object({
  type: z.literal('end'),
  item: z.string(),
  tokens: count,
  rounds: count,
  totalMs: ms.optional(),
})

export const traceEventSchema = z.discriminatedUnion('type', [
  sessionEvent,
  roundEvent,
  commitEvent,
  timingEvent,
  endEvent,
])

/** One line of `trace.jsonl`, of a real run or a simulated one. */
export type TraceEvent = z.infer<typeof traceEventSchema>
export type TraceEventOf<T extends TraceEvent['type']> = Extract<TraceEvent, { type: T }>
