import type { PromptForm } from '../datasets/prompt-form.ts'

/** Which items of a task are decoded, and how they are put to the target. */
export interface TaskDeclaration<Name extends string = string> {
  readonly name: Name
  /** Number of items, from the first one on; at least 2. Defaults to all of a data set, and to 50 of a task that is generated. */
  readonly limit?: number
  /** Seed of generated items; defaults to 1. Another seed gives other items. */
  readonly seed?: number
  /** Longest answer, tokens; defaults to 512 for `humaneval`, 640 for `gsm8k`, 256 for `mt-bench`, else 160. */
  readonly maxTokens?: number
  /** Through the chat template of the target, or as a text to continue. Default: `chat` where target and task have it. */
  readonly prompt?: PromptForm
}

/**
 * A task by name: `word-problems` and `programs`, which are generated; `humaneval`, `gsm8k` and `mt-bench`, which `exp data` brings to this
 * machine; or one added with `registerTask`.
 *
 *     task('word-problems', { limit: 100 })
 */
export function task<const Name extends string>(
  name: Name,
  options: Omit<TaskDeclaration, 'name'> = {},
): TaskDeclaration<Name> {
  return { name, ...options }
}
