import { type ColumnSource, parquetWriteBuffer } from 'hyparquet-writer'
import type { ColumnType, Table, Value } from './table.ts'

const TYPES = { text: 'STRING', count: 'INT64', number: 'DOUBLE', flag: 'BOOLEAN' } as const satisfies Record<
  ColumnType,
  string
>

/** An Apache Parquet file; every column is nullable. */
export function parquetBytes({ columns, rows }: Table): Uint8Array {
  const columnData = Object.entries(columns).map(
    ([name, type]): ColumnSource => ({
      name,
      type: TYPES[type],
      nullable: true,
      data: rows.map((row) => (type === 'count' ? wholeNumber(row[name] ?? null) : (row[name] ?? null))),
    }),
  )
  return new Uint8Array(parquetWriteBuffer({ columnData }))
}

function wholeNumber(value: Value): bigint | null {
  return typeof value === 'number' ? BigInt(value) : null
}
