import { writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { MetadataType } from '../../../src/weights/gguf/metadata-value.ts'
import { type TensorType, tensorFormats } from '../../../src/weights/gguf/tensor-types.ts'

/** Numbers of the value types in a file, written down apart from the reader's own table. */
const typeIds = {
  uint8: 0,
  int8: 1,
  uint16: 2,
  int16: 3,
  uint32: 4,
  int32: 5,
  float32: 6,
  bool: 7,
  string: 8,
  array: 9,
  uint64: 10,
  int64: 11,
  float64: 12,
} as const satisfies Record<MetadataType, number>

type Scalar = Exclude<MetadataType, 'array'>

/** A metadata value to write; `items` of an array are themselves values. */
export type Written =
  | { readonly type: Scalar; readonly value: number | bigint | boolean | string }
  | { readonly type: 'array'; readonly itemType: MetadataType; readonly items: readonly Written[] }

export const u32 = (value: number): Written => ({ type: 'uint32', value })
export const f32 = (value: number): Written => ({ type: 'float32', value })
export const text = (value: string): Written => ({ type: 'string', value })
export const texts = (...values: string[]): Written => ({ type: 'array', itemType: 'string', items: values.map(text) })
export const ints = (...values: number[]): Written => ({
  type: 'array',
  itemType: 'int32',
  items: values.map((value) => ({ type: 'int32', value })),
})

export interface WrittenTensor {
  readonly name: string
  /** Row major. */
  readonly shape: readonly number[]
  readonly type?: TensorType
  /** Absent: zeros. */
  readonly bytes?: Uint8Array
}

export interface WrittenFile {
  readonly version?: number
  readonly metadata?: Readonly<Record<string, Written>>
  readonly tensors?: readonly WrittenTensor[]
}

/** The bytes of a small GGUF file. */
export function ggufBytes(file: WrittenFile): Buffer {
  const { header, step } = ggufHeader(file)
  const data = (file.tensors ?? []).map((tensor) => padded(tensor.bytes ?? new Uint8Array(byteLengthOf(tensor)), step))
  return Buffer.concat([header, ...data])
}

/** Everything before the tensors' data, and how long the file is with them: it may be a large one. */
export function ggufHeader({ version = 3, metadata = {}, tensors = [] }: WrittenFile) {
  const alignment = metadata['general.alignment']
  const step = alignment?.type === 'uint32' ? Number(alignment.value) : 32
  let offset = 0
  const entries = tensors.map((tensor) => {
    const { name, shape, type = 'F32' } = tensor
    const entry = Buffer.concat([
      string(name),
      uint32(shape.length),
      ...shape.toReversed().map((size) => uint64(size)),
      uint32(tensorFormats[type].id),
      uint64(offset),
    ])
    const byteLength = tensor.bytes?.byteLength ?? byteLengthOf(tensor)
    offset += Math.ceil(byteLength / step) * step
    return entry
  })
  const values = Object.entries(metadata).map(([key, value]) =>
    Buffer.concat([string(key), uint32(typeIds[value.type]), written(value)]),
  )
  const counts = [uint32(version), uint64(tensors.length), uint64(values.length)]
  const header = padded(Buffer.concat([Buffer.from('GGUF'), ...counts, ...values, ...entries]), step)
  return { header, step, fileBytes: header.byteLength + offset }
}

function byteLengthOf({ shape, type = 'F32' }: WrittenTensor): number {
  const { blockSize, blockBytes } = tensorFormats[type]
  return (shape.reduce((product, size) => product * size, 1) / blockSize) * blockBytes
}

const padded = (bytes: Uint8Array, step: number): Buffer =>
  Buffer.concat([bytes, Buffer.alloc((step - (bytes.byteLength % step)) % step)])

function written(value: Written): Buffer {
  if (value.type !== 'array') return scalar(value.type, value.value)
  return Buffer.concat([uint32(typeIds[value.itemType]), uint64(value.items.length), ...value.items.map(written)])
}

function scalar(type: Scalar, value: number | bigint | boolean | string): Buffer {
  if (type === 'string') return string(String(value))
  const number = Number(value)
  const one = {
    uint8: () => Uint8Array.of(number),
    int8: () => Int8Array.of(number),
    bool: () => Uint8Array.of(number),
    uint16: () => Uint16Array.of(number),
    int16: () => Int16Array.of(number),
    uint32: () => Uint32Array.of(number),
    int32: () => Int32Array.of(number),
    float32: () => Float32Array.of(number),
    float64: () => Float64Array.of(number),
    uint64: () => BigUint64Array.of(BigInt(value)),
    int64: () => BigInt64Array.of(BigInt(value)),
  } satisfies Record<Exclude<Scalar, 'string'>, () => ArrayBufferView<ArrayBuffer>>
  return Buffer.from(one[type]().buffer)
}

const uint32 = (value: number): Buffer => scalar('uint32', value)
const uint64 = (value: number): Buffer => scalar('uint64', value)
const string = (value: string): Buffer => Buffer.concat([uint64(Buffer.byteLength(value)), Buffer.from(value)])

/** A folder that goes away with the scope. */
export async function scratchFolder() {
  const dir = await mkdtemp(join(tmpdir(), 'gguf-'))
  return {
    /** Writes a file and gives its path. */
    file(name: string, bytes: Uint8Array): string {
      const path = join(dir, name)
      writeFileSync(path, bytes)
      return path
    },
    async [Symbol.asyncDispose]() {
      await rm(dir, { recursive: true })
    },
  }
}
