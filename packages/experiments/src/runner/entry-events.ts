import type { RuleSpec, TraceEvent } from '@dsd-lab/core'
import type { TextEntry } from './decode/text-entry.ts'
import { type ChosenWindows, replayEvents } from './replay-events.ts'

/** Rounds and commits of a text under one variant: as they were decoded, or replayed from a recorded text. */
export function entryEvents({
  entry,
  gamma,
  rule,
  draftAhead,
  chosen,
}: {
  readonly entry: TextEntry
  readonly gamma: number
  /** Null for plain decoding. */
  readonly rule: RuleSpec | null
  readonly draftAhead: boolean
  /** Windows chosen on the way instead of `gamma`. */
  readonly chosen?: ChosenWindows | undefined
}): readonly TraceEvent[] {
  if (rule !== null && isRecorded(entry)) return replayEvents({ entry, gamma, rule, draftAhead, chosen })
  return draftAhead ? entry.events : entry.events.map(notAhead)
}

/** A text that drafts ahead is decoded in the same rounds as one that does not. */
function notAhead(event: TraceEvent): TraceEvent {
  if (event.type !== 'round') return event
  const { ahead: _, ...round } = event
  return round
}

/** Whether windows of any size can be replayed from it. */
export function isRecorded(entry: TextEntry): boolean {
  return entry.drafts !== null
}
