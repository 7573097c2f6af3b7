import type { z } from 'zod'
import type { TaskItem } from '../task-item.ts'

/** One row of a data set in the form that its digest is taken over, and the item that it becomes. */
export interface PublishedRow {
  /** JSON of the fields that matter, in a fixed order. */
  readonly line: string
  readonly item: TaskItem
}

/** A data set that others have published. It is not part of the package: a user adds it from a file or pulls it from the hub. */
export interface PublishedDataset {
  readonly name: string
  /** For people: what it is, and how many items. */
  readonly about: string
  /** SHA-256 over the lines of the published content, hexadecimal; the same whatever file format they came in. */
  readonly digest: string
  readonly items: number
  /** Longest answer unless the experiment says otherwise, tokens. */
  readonly maxTokens: number
  readonly hub: HubFile
  /** @throws z.ZodError naming the field that is missing or wrong */
  row(raw: unknown, index: number): PublishedRow
}

/** A file of a data set repository on the Hugging Face hub. */
export interface HubFile {
  readonly repository: string
  readonly path: string
}

export interface PublishedFormat<Row> extends Omit<PublishedDataset, 'row'> {
  /** The fields that matter, in the order of the digest; others are dropped. */
  readonly schema: z.ZodType<Row>
  readonly item: (row: Row, index: number) => TaskItem
}

export function published<Row>({ schema, item, ...facts }: PublishedFormat<Row>): PublishedDataset {
  return {
    ...facts,
    row(raw, index) {
      const row = schema.parse(raw)
      return { line: JSON.stringify(row), item: item(row, index) }
    },
  }
}
