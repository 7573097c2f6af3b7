import { createHash } from 'node:crypto'
import { DsdError } from '@dsd-lab/core'
import { program } from './programs/generate.ts'
import { findPublished, publishedDatasets } from './published/index.ts'
import type { GeneratedItem, Generator, Split, TaskItem } from './task-item.ts'
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
export interface LoadedTask<Item extends TaskItem = TaskItem> {
  readonly name: string
  readonly items: readonly Item[]
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
  if (tasks.has(name) || findPublished(name) !== undefined) {
    throw new DsdError(`a task named "${name}" exists already`, {
      kind: 'bad-input',
      where: 'registerTask',
      fix: 'choose another name',
    })
  }
  tasks.set(name, generator)
}

/** Every task there is: those that are generated here, in order of registration, then the data sets of others. */
export const taskNames = (): readonly string[] => [...tasks.keys(), ...publishedDatasets.map(({ name }) => name)]

/**
 * Generates the first `limit` items of a task; `openTask` also knows the data sets of others.
 *
 * @throws DsdError on an unknown name, a limit below 1 or a seed that is no unsigned 32-bit integer.
 */
export function loadTask(name: string, options: LoadOptions): LoadedTask<GeneratedItem> {
  const { limit, split = 'heldout', seed = 1 } = options
  const generator = tasks.get(name)
  if (generator === undefined) {
    throw new DsdError(`unknown task "${name}"`, {
      kind: 'bad-input',
      where: 'tasks',
      fix: `use one of ${[...tasks.keys()].join(', ')}, or add it with registerTask`,
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
  return { name, items, digest: digestOfItems(items) }
}

/** SHA-256 over the items as JSON lines, hexadecimal. */
export function digestOfItems(items: readonly TaskItem[]): string {
  const digest = createHash('sha256')
  for (const item of items) digest.update(`${JSON.stringify(item)}\n`)
  return digest.digest('hex')
}

export function isGenerated(name: string): boolean {
  return tasks.has(name)
}
