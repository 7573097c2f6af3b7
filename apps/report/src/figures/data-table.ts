import type { Estimate } from '@dsd-lab/experiments/schema'
import { type Child, element } from './element.ts'
import { withInterval } from './number-format.ts'

type Field = string | number | boolean | null

/** A column: how a row reads in the table, and which exact values it puts into the CSV file. */
export interface Column<Row> {
  readonly label: string
  readonly numeric: boolean
  text(row: Row): Child
  fields(row: Row): Readonly<Record<string, Field>>
}

export interface DataTable<Row> {
  /** What the table holds, for those who do not see the figure. */
  readonly label: string
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
}

export interface ValueColumn<Row> {
  readonly label: string
  /** Name of the CSV column. */
  readonly key: string
  value(row: Row): Field
  /** Default: the value as it is. */
  text?(row: Row): Child
}

export function column<Row>({ label, key, value, text }: ValueColumn<Row>): Column<Row> {
  return {
    label,
    numeric: false,
    text: text ?? ((row) => String(value(row) ?? '')),
    fields: (row) => ({ [key]: value(row) }),
  }
}

export const numberColumn = <Row>(of: ValueColumn<Row>): Column<Row> => ({ ...column(of), numeric: true })

export interface EstimateColumn<Row> {
  readonly label: string
  readonly key: string
  value(row: Row): Estimate | null
  format(value: number): string
}

/** An estimate with its interval: one column on the page, three in the CSV file. */
export function estimateColumn<Row>({ label, key, value, format }: EstimateColumn<Row>): Column<Row> {
  return {
    label,
    numeric: true,
    text: (row) => {
      const estimate = value(row)
      return estimate === null ? '–' : withInterval(estimate, format)
    },
    fields: (row) => {
      const estimate = value(row)
      return {
        [key]: estimate?.estimate ?? null,
        [`${key}_low`]: estimate?.low ?? null,
        [`${key}_high`]: estimate?.high ?? null,
      }
    },
  }
}

/** The table, in a box of its own that scrolls sideways where the page is narrow. */
export function tableElement<Row>({ label, columns, rows }: DataTable<Row>): HTMLElement {
  const kind = ({ numeric }: Column<Row>): string | undefined => (numeric ? 'numeric' : undefined)
  const head = columns.map((of) => element('th', { scope: 'col', class: kind(of) }, [of.label]))
  const body = rows.map((row) => {
    const cells = columns.map((of, index) =>
      index === 0
        ? element('th', { scope: 'row' }, [wholeParts(of.text(row))])
        : element('td', { class: kind(of) }, [of.text(row)]),
    )
    return element('tr', {}, cells)
  })
  const table = element('table', {}, [element('thead', {}, [element('tr', {}, head)]), element('tbody', {}, body)])
  return element('div', { class: 'table', role: 'region', tabindex: 0, 'aria-label': label }, [table])
}

/** A name of several parts breaks between them alone. */
function wholeParts(name: Child): Child {
  return typeof name === 'string' ? name.replaceAll(/(?<!·) (?!·)/g, '\u00a0') : name
}

/** The rows as RFC 4180 text, numbers in full precision. */
export function csvText<Row>({ columns, rows }: Pick<DataTable<Row>, 'columns' | 'rows'>): string {
  const records = rows.map((row) => Object.assign({}, ...columns.map((of) => of.fields(row))))
  const names = Object.keys(records[0] ?? {})
  const quote = (value: unknown): string => {
    const text = String(value ?? '')
    return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
  }
  const lines = records.map((record) => names.map((name) => quote(record[name])).join(','))
  return `${[names.join(','), ...lines].join('\r\n')}\r\n`
}
