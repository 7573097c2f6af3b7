import type { TaskItem } from '../datasets/task-item.ts'

export interface Verdict {
  readonly correct: boolean
  /** One line: why. */
  readonly reason: string
}

/** Judges the text that a model continued an item's prompt with. Holds processes, so dispose of it. */
export interface Grader extends AsyncDisposable {
  /** Calls may overlap; each is judged by itself. Never rejects because of what the text does. */
  grade(item: TaskItem, answerText: string): Promise<Verdict>
}
