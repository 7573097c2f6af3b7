import { gunzipSync } from 'node:zlib'
import { DsdError } from '@dsd-lab/core'
import { parquetReadObjects } from 'hyparquet'
import { z } from 'zod'
import type { PublishedDataset, PublishedRow } from './dataset.ts'

/** No data set here is near it; what unpacks to more is no data set. */
const MOST_BYTES = 256 * 2 ** 20

/**
 * Rows of a data set from the bytes of a file: JSON lines, a JSON list, either of them gzipped, or Parquet; told by content.
 *
 * @param where the file, for errors
 * @throws DsdError `bad-input` naming the row and the field that is wrong
 */
export async function readRows(
  dataset: PublishedDataset,
  { bytes, where }: { readonly bytes: Uint8Array; readonly where: string },
): Promise<PublishedRow[]> {
  const raw = await rawRows(bytes, where)
  if (raw.length === 0) throw unreadable(where, 'holds no rows')
  return raw.map((one, index) => {
    try {
      return dataset.row(one, index)
    } catch (cause) {
      if (!(cause instanceof z.ZodError)) throw cause
      const [issue] = cause.issues
      const field = issue?.path.join('.') ?? ''
      throw unreadable(where, `row ${index + 1} is none of ${dataset.name}: ${field} ${issue?.message ?? ''}`, cause)
    }
  })
}

async function rawRows(bytes: Uint8Array, where: string): Promise<readonly unknown[]> {
  if (startsWith(bytes, [0x1f, 0x8b])) return rawRows(unzipped(bytes, where), where)
  // "PAR1"
  if (startsWith(bytes, [0x50, 0x41, 0x52, 0x31])) return parquetRows(bytes, where)
  const text = new TextDecoder().decode(bytes)
  if (text.trimStart().startsWith('[')) {
    const list = parsed(text, where, 'the file')
    return Array.isArray(list) ? list : []
  }
  return text
    .split('\n')
    .map((line, index) => ({ line: line.trim(), name: `line ${index + 1}` }))
    .filter(({ line }) => line !== '')
    .map(({ line, name }) => parsed(line, where, name))
}

function unzipped(bytes: Uint8Array, where: string): Uint8Array {
  try {
    return gunzipSync(bytes, { maxOutputLength: MOST_BYTES })
  } catch (cause) {
    throw unreadable(where, 'cannot be unzipped', cause)
  }
}

async function parquetRows(bytes: Uint8Array, where: string): Promise<readonly unknown[]> {
  const file = new Uint8Array(bytes).buffer
  return parquetReadObjects({ file }).catch((cause: unknown) => {
    throw unreadable(where, 'cannot be read as Parquet', cause)
  })
}

function parsed(text: string, where: string, what: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw unreadable(where, `${what} is not JSON`, cause)
  }
}

function startsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, index) => bytes[index] === byte)
}

function unreadable(where: string, message: string, cause?: unknown): DsdError {
  return new DsdError(message, {
    kind: 'bad-input',
    where,
    fix: 'give the file as its publishers made it: .jsonl, .jsonl.gz, .json or .parquet',
    cause,
  })
}
