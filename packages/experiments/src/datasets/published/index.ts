import { DsdError, suggestName } from '@dsd-lab/core'
import type { PublishedDataset } from './dataset.ts'
import { gsm8k } from './gsm8k.ts'
import { humaneval } from './humaneval.ts'
import { mtBench } from './mt-bench.ts'

/** Every data set that can be added or pulled. A new one is one file beside `humaneval.ts` and one entry here. */
export const publishedDatasets: readonly PublishedDataset[] = [humaneval, gsm8k, mtBench]

export function findPublished(name: string): PublishedDataset | undefined {
  return publishedDatasets.find((dataset) => dataset.name === name)
}

/** @throws DsdError `bad-input` naming the nearest data set that there is. */
export function publishedDataset(name: string): PublishedDataset {
  const dataset = findPublished(name)
  if (dataset !== undefined) return dataset
  const names = publishedDatasets.map((one) => one.name)
  throw new DsdError(`no data set is called ${name}`, { kind: 'bad-input', fix: suggestName(name, names) })
}
