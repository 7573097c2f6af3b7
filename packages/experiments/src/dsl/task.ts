/** Which items of a graded task are decoded. */
export interface TaskDeclaration<Name extends string = string> {
  readonly name: Name
  /** Number of held-out items, from the first one on; at least 2, defaults to 50. */
  readonly limit?: number
  /** Seed of the items; defaults to 1. Another seed gives other items. */
  readonly seed?: number
  /** Longest answer, tokens; defaults to 160. */
  readonly maxTokens?: number
}

/**
 * A task by name: `word-problems`, `programs`, or one added with `registerTask`.
 *
 *     task('word-problems', { limit: 100 })
 */
export function task<const Name extends string>(
  name: Name,
  options: Omit<TaskDeclaration, 'name'> = {},
): TaskDeclaration<Name> {
  return { name, ...options }
}
