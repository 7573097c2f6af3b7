import type { PromptForm } from '../datasets/prompt-form.ts'
import type { TaskItem } from '../datasets/task-item.ts'

export interface Verdict {
  /** Null where there is no right answer. */
  readonly correct: boolean | null
  /** One line: why. */
  readonly reason: string
}

/** Judges the text that a model continued an item's prompt with. Holds processes, so dispose of it. */
export interface Grader extends AsyncDisposable {
  /**
   * Calls may overlap; each is judged by itself. Never rejects because of what the text does.
   *
   * @param form how the item was asked. Default `raw`
   * @throws DsdError `environment` when the machine keeps its judge from working: that is no wrong answer
   */
  grade(item: TaskItem, answerText: string, form?: PromptForm): Promise<Verdict>
}
