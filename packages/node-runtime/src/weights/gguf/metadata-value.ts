import type { HeaderCursor } from './header-cursor.ts'
import { damaged } from './refusal.ts'

type NumberType = 'uint8' | 'int8' | 'uint16' | 'int16' | 'uint32' | 'int32' | 'float32' | 'float64'
export type MetadataType = NumberType | 'uint64' | 'int64' | 'bool' | 'string' | 'array'

/** One metadata value. An array is only walked over when the file is opened; `readArray` fetches its items. */
export type MetadataValue = MetadataScalar | MetadataArray

type MetadataScalar =
  | { readonly type: NumberType; readonly value: number }
  | { readonly type: 'uint64' | 'int64'; readonly value: bigint }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'string'; readonly value: string }

export interface MetadataArray {
  readonly type: 'array'
  readonly itemType: MetadataType
  readonly count: number
  /** Byte of the first item in the file. */
  readonly start: number
}

export type MetadataItem = number | bigint | boolean | string | readonly MetadataItem[]

/** Value types by their number in the file (GGUF specification, `gguf_metadata_value_type`). */
const valueTypes = [
  'uint8',
  'int8',
  'uint16',
  'int16',
  'uint32',
  'int32',
  'float32',
  'bool',
  'string',
  'array',
  'uint64',
  'int64',
  'float64',
] as const satisfies readonly MetadataType[]

/** Least bytes of a value; of a text the length field, of an array type and count. */
const leastBytes = {
  uint8: 1,
  int8: 1,
  bool: 1,
  uint16: 2,
  int16: 2,
  uint32: 4,
  int32: 4,
  float32: 4,
  uint64: 8,
  int64: 8,
  float64: 8,
  string: 8,
  array: 12,
} as const satisfies Record<MetadataType, number>

/** Arrays of arrays are legal; no writer nests them deeper than once. */
const DEEPEST_ARRAY = 4

export function readValueType(cursor: HeaderCursor): MetadataType {
  const id = cursor.uint32()
  const type = valueTypes[id]
  if (type === undefined) throw damaged(cursor.source.path, `${cursor.subject} has the unknown value type ${id}`)
  return type
}

/** @throws DsdError when the value does not fit into the file, or is malformed */
export function readValue(cursor: HeaderCursor, type: MetadataType): MetadataValue {
  return type === 'array' ? walkArray(cursor, 1) : readScalar(cursor, type)
}

function readScalar(cursor: HeaderCursor, type: MetadataScalar['type']): MetadataScalar {
  switch (type) {
    case 'string':
      return { type, value: cursor.text() }
    case 'bool':
      return { type, value: readBool(cursor) }
    case 'uint64':
    case 'int64':
      return { type, value: cursor[type]() }
    default:
      return { type, value: cursor[type]() }
  }
}

/** All items of an array, in order; `cursor` is moved. */
export function readArray(cursor: HeaderCursor, array: MetadataArray): MetadataItem[] {
  cursor.position = array.start
  const items: MetadataItem[] = []
  for (let index = 0; index < array.count; index++) items.push(readItem(cursor, array.itemType))
  return items
}

function readItem(cursor: HeaderCursor, type: MetadataType): MetadataItem {
  if (type !== 'array') return readScalar(cursor, type).value
  const itemType = readValueType(cursor)
  const count = cursor.count(leastBytes[itemType])
  return readArray(cursor, { type: 'array', itemType, count, start: cursor.position })
}

/** Steps over an array item by item, so that what stands behind it is found and its bounds are known to be good. */
function walkArray(cursor: HeaderCursor, depth: number): MetadataArray {
  if (depth > DEEPEST_ARRAY) throw damaged(cursor.source.path, `${cursor.subject} nests arrays ${depth} deep`)
  const itemType = readValueType(cursor)
  const count = cursor.count(leastBytes[itemType])
  const start = cursor.position
  if (itemType === 'array') for (let index = 0; index < count; index++) walkArray(cursor, depth + 1)
  else if (itemType === 'string') for (let index = 0; index < count; index++) cursor.skipText()
  else cursor.skip(count * leastBytes[itemType])
  return { type: 'array', itemType, count, start }
}

function readBool(cursor: HeaderCursor): boolean {
  const byte = cursor.uint8()
  if (byte > 1) throw damaged(cursor.source.path, `${cursor.subject} is a bool of value ${byte}`)
  return byte === 1
}
