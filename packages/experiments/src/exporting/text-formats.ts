import type { Table, Value } from './table.ts'

/** RFC 4180: a head line, comma, double quotes where needed, CRLF. Null is empty. */
export function csvText({ columns, rows }: Table): string {
  const names = Object.keys(columns)
  const lines = [names, ...rows.map((row) => names.map((name) => row[name] ?? null))]
  return lines.map((line) => `${line.map(csvField).join(',')}\r\n`).join('')
}

function csvField(value: Value): string {
  const text = value === null ? '' : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** One JSON object a line. */
export function jsonLines({ columns, rows }: Table): string {
  const names = Object.keys(columns)
  return rows
    .map((row) => `${JSON.stringify(Object.fromEntries(names.map((name) => [name, row[name] ?? null])))}\n`)
    .join('')
}
