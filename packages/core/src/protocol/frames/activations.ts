import { type ByteReader, Malformed } from './byte-reader.ts'
import type { ByteWriter } from './byte-writer.ts'
import { fromHalfBits, halfBits } from './half.ts'

/**
 * How hidden states travel between nodes. `f32` is exact; `f16` rounds each value to 11 bits; `int8` gives each row a scale of
 * its largest magnitude / 127 and rounds to the nearest step. Both may change the text, with every node that is passed.
 */
export const ACTIVATION_FORMATS = ['f32', 'f16', 'int8'] as const
export type ActivationFormat = (typeof ACTIVATION_FORMATS)[number]

/** `[rows, hiddenSize]` */
interface Shape {
  readonly rows: number
  readonly hiddenSize: number
}

/** On the wire: 0 none, then one more than the place of the format. */
export const kindOf = (format: ActivationFormat | undefined): number =>
  format === undefined ? 0 : ACTIVATION_FORMATS.indexOf(format) + 1

export function formatOf(kind: number): ActivationFormat | undefined {
  const format = ACTIVATION_FORMATS[kind - 1]
  if (kind !== 0 && format === undefined) throw new Malformed(`activations of kind ${kind}`)
  return format
}

export function activationBytes(format: ActivationFormat, { rows, hiddenSize }: Shape): number {
  switch (format) {
    case 'f32':
      return 4 * rows * hiddenSize
    case 'f16':
      return 2 * rows * hiddenSize
    case 'int8':
      return hiddenSize === 0 ? 0 : rows * (4 + hiddenSize)
  }
}

export function writeActivations(
  writer: ByteWriter,
  hidden: Float32Array,
  { format, rows }: { readonly format: ActivationFormat; readonly rows: number },
): void {
  switch (format) {
    case 'f32':
      writer.f32s(hidden)
      return
    case 'f16':
      for (const x of hidden) writer.u16(halfBits(x))
      return
    case 'int8':
      for (let row = 0; row < rows; row++) {
        const width = hidden.length / rows
        writeRow(writer, hidden.subarray(row * width, (row + 1) * width))
      }
  }
}

export function readActivations(
  reader: ByteReader,
  { format, rows, hiddenSize }: Shape & { readonly format: ActivationFormat },
): Float32Array {
  switch (format) {
    case 'f32':
      return reader.f32s(rows * hiddenSize)
    case 'f16': {
      const view = viewOf(reader.raw(2 * rows * hiddenSize))
      return Float32Array.from({ length: rows * hiddenSize }, (_, i) => fromHalfBits(view.getUint16(2 * i, true)))
    }
    case 'int8': {
      const hidden = new Float32Array(rows * hiddenSize)
      for (let row = 0; row < rows; row++) {
        const scale = reader.f32()
        const steps = viewOf(reader.raw(hiddenSize))
        for (let i = 0; i < hiddenSize; i++) hidden[row * hiddenSize + i] = steps.getInt8(i) * scale
      }
      return hidden
    }
  }
}

/** `scale f32, steps i8[hiddenSize]` */
function writeRow(writer: ByteWriter, row: Float32Array): void {
  const largest = row.reduce((most, x) => Math.max(most, Math.abs(x)), 0)
  const scale = Math.fround(largest / 127)
  writer.f32(scale)
  for (const x of row) writer.u8((scale === 0 ? 0 : Math.max(-127, Math.min(127, Math.round(x / scale)))) & 0xff)
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
