import type { Table } from './table.ts'
import { answerTable } from './tables/answers.ts'
import { itemTable } from './tables/items.ts'
import { qualityTable } from './tables/quality.ts'
import type { RunContent } from './tables/shared-columns.ts'
import { speedTable } from './tables/speed.ts'

export const TABLE_NAMES = ['items', 'answers', 'quality', 'speed'] as const
export type TableName = (typeof TABLE_NAMES)[number]

/** A table of a run: `items` times per prompt and cell, `answers` texts and grades, `quality` and `speed` the estimates. */
export function runTable(name: TableName, run: RunContent): Table {
  switch (name) {
    case 'items':
      return itemTable(run)
    case 'answers':
      return answerTable(run)
    case 'quality':
      return qualityTable(run)
    case 'speed':
      return speedTable(run)
  }
}
