import { createHash } from 'node:crypto'
import { isRecord } from '../dsl/sweep.ts'

/** SHA-256 of a JSON value, hex, the same for any order of the fields. `undefined` fields do not count. */
export function digestOf(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex')
}

/** A short name for content: the first 16 hex digits of its digest. */
export function contentId(value: unknown): string {
  return digestOf(value).slice(0, 16)
}

/** JSON with sorted keys and no spaces. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (!isRecord(value)) return JSON.stringify(value) ?? 'null'
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, field]) => `${JSON.stringify(key)}:${canonicalJson(field)}`)
  return `{${fields.join(',')}}`
}
