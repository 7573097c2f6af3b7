import { z } from 'zod'
import { count, id, ms, RUN_SCHEMA_VERSION } from './fields.ts'
import { type Cell, cellSchema, decodingSchema } from './manifest.ts'

/** How often the i-th drafted token was kept, given that all before it were. `[gamma]` each. */
export const byPositionSchema = z.object({ trials: z.array(count), kept: z.array(count) })

/** What became of the drafts of one answer whose committed token is of one type. */
export const typeCountsSchema = z.object({
  by: z.enum(['class', 'place']),
  /** A token class, or a place in the answer. */
  name: z.string(),
  /** Kept as the target's own choice. */
  kept: count,
  /** Kept against it. */
  relaxed: count,
  corrected: count,
  /** Sum of the importance of those that were scored. */
  importance: z.number(),
  scored: count,
})

export const decodedItemSchema = z.object({
  item: z.string(),
  sequence: count,
  promptTokens: count,
  /** Tokens of the answer, the end-of-text token included. */
  tokens: count,
  rounds: count,
  drafted: count,
  accepted: count,
  /** Drafts kept against the target's own choice. */
  relaxed: count,
  /** Positions where the drafted token was not the target's choice and the rule had to decide. */
  mismatches: count,
  /** Null where the task has no right answers. */
  correct: z.boolean().nullable(),
  reason: z.string(),
  /** What the target was asked, as text. */
  prompt: z.string(),
  text: z.string(),
  /** `text` cut by token, `[tokens]`; joined it is `text`. A token that ends inside a character, or writes nothing, is empty. */
  pieces: z.array(z.string()),
  /** Absent where nothing was drafted. */
  types: z.array(typeCountsSchema).optional(),
})

export const decodingResultSchema = z.object({
  schema: z.literal(RUN_SCHEMA_VERSION),
  decoding: decodingSchema,
  items: z.array(decodedItemSchema),
  byPosition: byPositionSchema,
  /** How the rounds came about: decoded for real, or recomputed exactly from one recorded pass. */
  method: z.enum(['decoded', 'replayed']),
  /** The rule as it judged, with the rate of a control filled in; null for autoregressive. */
  accept: z.record(z.string(), z.unknown()).nullable().optional(),
})

export const timedItemSchema = z.object({
  item: z.string(),
  tokens: count,
  rounds: count,
  totalMs: ms,
  firstTokenMs: ms,
  forwardBytes: count,
  verdictBytes: count,
})

export const cellResultSchema = z.object({
  schema: z.literal(RUN_SCHEMA_VERSION),
  cell: cellSchema,
  clock: z.enum(['virtual', 'live']),
  items: z.array(timedItemSchema),
})

/** All cells of one decoding; columns have one entry an item. */
export const timedCellsSchema = z.object({
  schema: z.literal(RUN_SCHEMA_VERSION),
  decoding: id,
  items: z.array(z.string()),
  tokens: z.array(count),
  rounds: z.array(count),
  cells: z.array(
    z.object({
      id,
      totalMs: z.array(ms),
      firstTokenMs: z.array(ms),
      forwardBytes: z.array(count),
      verdictBytes: z.array(count),
    }),
  ),
})

/** The cells of one decoding one by one; those that are not in `cells` are left out. */
export function cellResultsOf(timed: TimedCells, cells: ReadonlyMap<string, Cell>): CellResult[] {
  return timed.cells.flatMap(({ id, totalMs, firstTokenMs, forwardBytes, verdictBytes }): CellResult[] => {
    const cell = cells.get(id)
    if (cell === undefined) return []
    const items = timed.items.map((item, index) => ({
      item,
      tokens: timed.tokens[index] ?? 0,
      rounds: timed.rounds[index] ?? 0,
      totalMs: totalMs[index] ?? 0,
      firstTokenMs: firstTokenMs[index] ?? 0,
      forwardBytes: forwardBytes[index] ?? 0,
      verdictBytes: verdictBytes[index] ?? 0,
    }))
    return [{ schema: RUN_SCHEMA_VERSION, cell, clock: 'virtual', items }]
  })
}

/** A live re-run beside its virtual cell. */
export const liveResultSchema = cellResultSchema.extend({
  clock: z.literal('live'),
  /** Whether every id equals the virtual decoding; the first difference otherwise. */
  identical: z.boolean(),
  firstDifference: z.object({ item: z.string(), position: count, marginNats: z.number() }).nullable(),
  links: z.array(
    z.object({
      link: z.string(),
      /** Medians over the frames of the self-check; of a real link what the experiment declares, and what pings took. */
      declaredMs: ms,
      measuredMs: ms,
      /** Median of `|measured - declared|` frame by frame, and the most that the self-check let pass; absent for real links and in older runs. */
      offMs: ms.optional(),
      toleranceMs: ms.optional(),
    }),
  ),
  /** Nodes that were running already, and what lay between them; absent where shard processes were started for the cell. */
  over: z
    .object({
      links: z.enum(['emulated', 'real']),
      nodes: z.array(
        z.object({
          address: z.string(),
          layers: z.object({ from: count, to: count }),
          engine: z.string(),
          precision: z.string(),
        }),
      ),
    })
    .optional(),
  /** Fitted from this run's own trailers, for the prediction laid beside it. */
  measuredCompute: z.object({ baseMs: ms, perRowMs: ms, draftStepMs: ms }),
  predictedMs: ms,
  measuredMs: ms,
})

export type DecodedItem = z.infer<typeof decodedItemSchema>
export type TypeCounts = z.infer<typeof typeCountsSchema>
export type DecodingResult = z.infer<typeof decodingResultSchema>
export type TimedItem = z.infer<typeof timedItemSchema>
export type CellResult = z.infer<typeof cellResultSchema>
export type TimedCells = z.infer<typeof timedCellsSchema>
export type LiveResult = z.infer<typeof liveResultSchema>
