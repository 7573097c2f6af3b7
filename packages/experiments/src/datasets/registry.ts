import { createHash } from 'node:crypto'
import { DsdError } from '@dsd-lab/core'
import { program } from './programs/generate.ts'
import type { Generator, Split, TaskItem } from './task-item.ts'
import { wordProblem } from './word-problems/generate.ts'

export interface LoadOptions {
  /** Number of items, from index 0 on; a positive integer. */
  readonly limit: number
  /** Defaults to `heldout`. */
  readonly split?: Split
  /** Another seed gives other items; an integer from 0 to 2^32 - 1, defaults to 1. */
  readonly seed?: number
}

/** The items of a task, with what identifies their content. */
export interface LoadedTask {
  readonly name: string
  readonly items: readonly TaskItem[]
  /** SHA-256 over the items as JSON lines, hexadecimal. */
  readonly digest: string
}

const tasks = new Map<string, Generator>([
  ['word-problems', wordProblem],
  ['programs', program],
])

/**
 * Adds a task that an experiment can then name. The generator must be a pure function of the request.
 *
 * @throws DsdError if the name is taken.
 */
export function registerTask(name: string, generator: Generator): void {
  if (tasks.has(name)) {
    throw new DsdError(`a task named "${name}" exists already`, {
      kind: 'bad-input',
      where: 'registerTask',
      fix: 'choose another name',
    })
  }
  tasks.set(name, generator)
}

/** Names that `loadTask` knows, in order of registration. */
export const taskNames = (): readonly string[] => [...tasks.keys()]

/**
 * Generates the first `limit` items of a task.
 *
 * @throws DsdError on an unknown name, a limit below 1 or a seed that is no unsigned 32-bit integer.
 */
export function loadTask(name: string, options: LoadOptions): LoadedTask {
  const { limit, split = 'heldout', seed = 1 } = options
  const generator = tasks.get(name)
  if (generator === undefined) {
    throw new DsdError(`unknown task "${name}"`, {
      kind: 'bad-input',
      where: 'tasks',
      fix: `use one of ${taskNames().join(', ')}, or add it with registerTask`,
    })
  }
  if (!Number.isSafeInteger(limit) || limit < 1) {
    throw new DsdError(`limit must be a positive integer, got ${limit}`, {
      kind: 'bad-input',
      where: `tasks.${name}.limit`,
    })
  }
  if (!Number.isSafeInteger(seed) || seed < 0 || seed > 0xffff_ffff) {
    throw new DsdError(`seed must be an integer from 0 to 4294967295, got ${seed}`, {
      kind: 'bad-input',
      where: `tasks.${name}.seed`,
    })
  }
  const items = Array.from({ length: limit }, (_, index) => generator({ split, seed, index }))
  const digest = createHash('sha256')
  for (const item of items) digest.update(`${JSON.stringify(item)}\n`)
  return { name, items, digest: digest.digest('hex') }
}
