import { traceEventSchema } from '@dsd-lab/core'
import { z } from 'zod'

const count = z.number().int().nonnegative()

/** What the models made of one prompt: everything that a decoding of it, real or replayed, is built from. */
export const decodedTextSchema = z.object({
  promptTokens: count,
  /** Largest total length that it was decoded with. */
  maxLength: count,
  /** Its rounds and commits. */
  events: z.array(traceEventSchema),
  /** The drafted token at each place of the text after the true prefix, for replay; null when it was decoded for real. */
  drafts: z.array(count).nullable(),
  text: z.string(),
  /** `text` cut by token. */
  pieces: z.array(z.string()),
})

/** One line of a pass: a text and its grade. */
export const textEntrySchema = decodedTextSchema.extend({
  /** Place of the item in its task; keys the noise. */
  sequence: count,
  item: z.string(),
  /** Null where the task has no right answers. */
  correct: z.boolean().nullable(),
  reason: z.string(),
})

export type DecodedText = z.infer<typeof decodedTextSchema>
export type TextEntry = z.infer<typeof textEntrySchema>
