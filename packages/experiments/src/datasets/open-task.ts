import { DsdError, suggestName } from '@dsd-lab/core'
import { findPublished } from './published/index.ts'
import { loadPublished, type PublishedItems } from './published/load-published.ts'
import { digestOfItems, isGenerated, type LoadedTask, loadTask, taskNames } from './registry.ts'

export interface TaskRequest {
  readonly name: string
  /** Number of items, from the first one on. Default: 50 of a task that is generated, all of a data set. */
  readonly limit?: number
  /** Of the items; default 1. Data sets have none. */
  readonly seed?: number
}

/** A task as an experiment decodes it. */
export interface OpenedTask extends LoadedTask {
  /** Longest answer unless the experiment says otherwise, tokens. */
  readonly defaultMaxTokens: number
  /** The data set that it comes from; absent for a task that is generated. */
  readonly data?: PublishedItems['data']
}

const DEFAULT_LIMIT = 50
const DEFAULT_MAX_TOKENS = 160

/**
 * Opens a task of any kind by name.
 *
 * @throws DsdError `bad-input` for an unknown name or setting, `environment` for a data set that is not on this machine.
 */
export async function openTask({ name, limit, seed }: TaskRequest): Promise<OpenedTask> {
  if (isGenerated(name)) {
    return {
      ...loadTask(name, { limit: limit ?? DEFAULT_LIMIT, seed: seed ?? 1 }),
      defaultMaxTokens: DEFAULT_MAX_TOKENS,
    }
  }
  const dataset = findPublished(name)
  if (dataset === undefined) {
    throw new DsdError(`unknown task "${name}"`, { kind: 'bad-input', fix: suggestName(name, taskNames()) })
  }
  if (seed !== undefined) {
    throw new DsdError(`${name} is one fixed list of items`, { kind: 'bad-input', fix: 'leave the seed out' })
  }
  const { items, data } = await loadPublished(dataset, limit)
  return { name, items, digest: digestOfItems(items), defaultMaxTokens: dataset.maxTokens, data }
}
