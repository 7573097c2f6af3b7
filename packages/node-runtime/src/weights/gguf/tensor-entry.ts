import type { HeaderCursor } from './header-cursor.ts'
import { damaged, quoted, refusal } from './refusal.ts'
import { type TensorType, tensorFormats, tensorTypeOf } from './tensor-types.ts'

/** Where one tensor lies in its file, and in which number format. */
export interface TensorEntry {
  readonly name: string
  readonly type: TensorType
  /** Row major, as `[out, in]`; the file names the dimensions the other way round. */
  readonly shape: readonly number[]
  /** First byte in the file. */
  readonly start: number
  readonly byteLength: number
  /** Bytes of one row: the values along the last dimension. */
  readonly rowBytes: number
}

/** Least bytes of an entry: name length, number of dimensions, one dimension, format, offset. */
const LEAST_ENTRY_BYTES = 32

/** The largest models have some thousand tensors; a file that claims more than this is damaged. */
const MOST_TENSORS = 65_536

/** `GGML_MAX_DIMS` */
const MOST_DIMENSIONS = 4

/** Longest name that is believed; ggml itself holds 63 bytes. */
const LONGEST_NAME = 1024

/**
 * Reads the tensor entries and places them in the file.
 *
 * @param alignment bytes that every tensor's offset is a multiple of
 * @throws DsdError naming the tensor whose entry is malformed, outside the file or inside another tensor
 */
export function readTensorEntries(cursor: HeaderCursor, count: number, alignment: number): Map<string, TensorEntry> {
  const { path, fileBytes } = cursor.source
  if (count > MOST_TENSORS || count * LEAST_ENTRY_BYTES > cursor.remaining) {
    throw damaged(path, `the header claims ${count} tensors in a file of ${fileBytes} bytes`)
  }
  const found = Array.from({ length: count }, (_, index) => {
    cursor.subject = `the entry of tensor ${index + 1} of ${count}`
    return readEntry(cursor, alignment)
  })
  const dataStart = Math.ceil(cursor.position / alignment) * alignment
  const entries = new Map<string, TensorEntry>()
  for (const { offset, ...entry } of found) {
    const start = dataStart + offset
    const name = quoted(entry.name)
    if (entries.has(entry.name)) throw damaged(path, `tensor ${name} occurs twice`)
    if (start + entry.byteLength > fileBytes) {
      throw damaged(path, `tensor ${name} ends at byte ${start + entry.byteLength} and the file has ${fileBytes}`)
    }
    entries.set(entry.name, { ...entry, start })
  }
  refuseOverlaps(path, entries)
  return entries
}

function readEntry(cursor: HeaderCursor, alignment: number) {
  const { path } = cursor.source
  const name = cursor.text()
  if (name.length > LONGEST_NAME) throw damaged(path, `${cursor.subject} has a name of ${name.length} characters`)
  cursor.subject = `the entry of tensor ${quoted(name)}`
  const shape = readShape(cursor, name)
  const typeId = cursor.uint32()
  const type = tensorTypeOf(typeId)
  if (type === undefined) {
    throw refusal(path, `tensor ${quoted(name)} has the unknown number format ${typeId}`, {
      fix: 'convert the model to a known one, as Q4_K or Q8_0',
    })
  }
  const { blockSize, blockBytes } = tensorFormats[type]
  const rowLength = shape.at(-1) ?? 1
  if (rowLength % blockSize !== 0) {
    throw damaged(path, `tensor ${quoted(name)} has rows of ${rowLength} values, no multiple of ${type}'s ${blockSize}`)
  }
  const rowBytes = (rowLength / blockSize) * blockBytes
  const byteLength = shape.slice(0, -1).reduce((product, size) => product * size, rowBytes)
  const offset = Number(cursor.uint64())
  if (offset % alignment !== 0) {
    throw damaged(path, `tensor ${quoted(name)} has offset ${offset}, no multiple of the alignment ${alignment}`)
  }
  return { name, type, shape, rowBytes, byteLength, offset }
}

/** Sizes that multiply to more than the file has bytes cannot belong to it; in between everything stays a safe integer. */
function readShape(cursor: HeaderCursor, name: string): number[] {
  const { path, fileBytes } = cursor.source
  const dimensions = cursor.uint32()
  if (dimensions < 1 || dimensions > MOST_DIMENSIONS) {
    throw damaged(path, `tensor ${quoted(name)} has ${dimensions} dimensions, not 1 to ${MOST_DIMENSIONS}`)
  }
  const shape = Array.from({ length: dimensions }, () => Number(cursor.uint64())).reverse()
  const values = shape.reduce((product, size) => product * size, 1)
  // The densest format has 7 values a byte.
  if (values < 1 || values > fileBytes * 8) {
    throw damaged(
      path,
      `tensor ${quoted(name)} has shape [${shape.join(', ')}], too large or empty in ${fileBytes} bytes`,
    )
  }
  return shape
}

function refuseOverlaps(path: string, entries: ReadonlyMap<string, TensorEntry>): void {
  const ordered = [...entries.values()].sort((a, b) => a.start - b.start)
  let before: TensorEntry | undefined
  for (const entry of ordered) {
    if (before !== undefined && entry.start < before.start + before.byteLength) {
      throw damaged(path, `tensor ${quoted(entry.name)} begins inside tensor ${quoted(before.name)}`)
    }
    before = entry
  }
}
