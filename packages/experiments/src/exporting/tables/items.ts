import type { Table } from '../table.ts'
import {
  countsOf,
  decodedColumns,
  networkColumns,
  networkRow,
  type RunContent,
  variantColumns,
  variantRow,
} from './shared-columns.ts'

/** Times per prompt and cell. */
export function itemTable({ manifest, decodings, cells }: RunContent): Table {
  const decoded = new Map(decodings.map(({ decoding, items }) => [decoding.id, new Map(items.map((i) => [i.item, i]))]))
  const rows = cells.flatMap(({ cell, items }) => {
    const shared = {
      ...variantRow(manifest, cell),
      cell: cell.id,
      seed: cell.seed,
      ...networkRow(manifest, cell.condition),
    }
    return items.map((item) => ({
      ...shared,
      ...item,
      ...countsOf(decoded.get(cell.decoding)?.get(item.item)),
    }))
  })
  return {
    columns: {
      ...variantColumns,
      cell: 'text',
      seed: 'count',
      ...networkColumns,
      item: 'text',
      tokens: 'count',
      rounds: 'count',
      ...decodedColumns,
      totalMs: 'number',
      firstTokenMs: 'number',
      forwardBytes: 'count',
      verdictBytes: 'count',
    },
    rows,
  }
}
