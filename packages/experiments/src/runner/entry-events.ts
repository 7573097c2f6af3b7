import type { RuleSpec, TraceEvent } from '@dsd-lab/core'
import type { TextEntry } from './decode/text-entry.ts'
import { type ChosenWindows, replayEvents } from './replay-events.ts'

/** Rounds and commits of a text under one variant: as they were decoded, or replayed from a recorded text. */
export function entryEvents({
  entry,
  gamma,
  rule,
  chosen,
}: {
  readonly entry: TextEntry
  readonly gamma: number
  /** Null for plain decoding. */
  readonly rule: RuleSpec | null
  /** Windows chosen on the way instead of `gamma`. */
  readonly chosen?: ChosenWindows | undefined
}): readonly TraceEvent[] {
  return rule !== null && isRecorded(entry) ? replayEvents({ entry, gamma, rule, chosen }) : entry.events
}

/** Whether windows of any size can be replayed from it. */
export function isRecorded(entry: TextEntry): boolean {
  return entry.drafts !== null
}
