import type { AgreedText } from '@dsd-lab/experiments/schema'

/** One recorded text, as much of it as decides rounds. */
export type RecordedAnswer = Omit<AgreedText, 'task' | 'item'>

export interface RecordedTask {
  readonly task: string
  /** Texts that were recorded; the first of them are here. */
  readonly recorded: number
  readonly answers: readonly RecordedAnswer[]
}
