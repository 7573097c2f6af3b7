import { DsdError } from '@dsd-lab/core'
import { z } from 'zod'
import { quoted } from './gguf/refusal.ts'

/** Where one tensor lies in its file. */
export interface TensorEntry {
  readonly name: string
  /** As the file says it, readable here or not. */
  readonly dtype: string
  readonly shape: readonly number[]
  /** First byte in the file. */
  readonly begin: number
  readonly byteLength: number
}

/** Bytes of the length field that opens a file. */
export const LENGTH_FIELD_BYTES = 8

/** A header of more bytes than this is refused. The format allows 100 MB; a model of ten thousand tensors needs 1 MB. */
const LARGEST_HEADER_BYTES = 2 ** 24

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

const entrySchema = z.object({
  dtype: z.string(),
  shape: z.array(z.number().int().nonnegative()),
  data_offsets: z.tuple([z.number().int().nonnegative(), z.number().int().nonnegative()]),
})

/**
 * Length of the JSON header, from the first eight bytes of a file.
 *
 * @throws DsdError when it cannot fit into the file: it is cut off, or no safetensors file
 */
export function headerLength(file: string, lengthField: Uint8Array, fileBytes: number): number {
  if (lengthField.byteLength < LENGTH_FIELD_BYTES) throw broken(file, `${fileBytes} bytes are too few for a header`)
  const length = Number(new DataView(lengthField.buffer, lengthField.byteOffset).getBigUint64(0, true))
  if (length > LARGEST_HEADER_BYTES) throw broken(file, 'the file does not start with a safetensors header')
  if (LENGTH_FIELD_BYTES + length > fileBytes) {
    throw broken(file, `the header needs ${LENGTH_FIELD_BYTES + length} bytes and the file has ${fileBytes}`)
  }
  return length
}

/**
 * Tensors named by a header, checked against the size of the file.
 *
 * @throws DsdError naming the file, and the tensor where one is at fault
 */
export function parseHeader(file: string, header: Uint8Array, fileBytes: number): ReadonlyMap<string, TensorEntry> {
  const dataBegin = LENGTH_FIELD_BYTES + header.byteLength
  const parsed = parseObject(file, header)
  const entries = new Map<string, TensorEntry>()
  for (const [name, value] of Object.entries(parsed)) {
    if (name === '__metadata__') continue
    const entry = entrySchema.safeParse(value)
    if (!entry.success) throw broken(file, `tensor ${quoted(name)} has a malformed header entry`)
    const [from, to] = entry.data.data_offsets
    if (to < from) throw broken(file, `tensor ${quoted(name)} ends before it begins`)
    if (dataBegin + to > fileBytes) {
      throw broken(file, `tensor ${quoted(name)} ends at byte ${dataBegin + to} and the file has ${fileBytes}`)
    }
    const { dtype, shape } = entry.data
    entries.set(name, { name, dtype, shape, begin: dataBegin + from, byteLength: to - from })
  }
  return entries
}

function parseObject(file: string, header: Uint8Array): Record<string, unknown> {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(utf8.decode(header)))
  } catch (cause) {
    throw new DsdError('the safetensors header is not a JSON object', {
      kind: 'bad-input',
      where: file,
      fix: 'fetch the file again',
      cause,
    })
  }
}

const broken = (file: string, what: string): DsdError =>
  new DsdError(what, { kind: 'bad-input', where: file, fix: 'fetch the file again' })
