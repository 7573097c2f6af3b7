export type Value = string | number | boolean | null
export type Row = Readonly<Record<string, Value>>

/** `count`: a whole number; `flag`: true or false. Every column may hold null. */
export type ColumnType = 'text' | 'count' | 'number' | 'flag'

/** Rows with named, typed columns; what every file format is written from. */
export interface Table {
  readonly columns: Readonly<Record<string, ColumnType>>
  readonly rows: readonly Row[]
}
