import type { RowRange } from '../model-weights.ts'
import { dequantise } from './dequantise/dequantise.ts'
import type { GgufFile } from './gguf-file.ts'
import type { GgufWeight } from './weight-map.ts'

/** Stored bytes in memory at once beside the result. */
const CHUNK_BYTES = 2 ** 20

/** A weight as a table: all dimensions but the last are rows; a vector is one row, or one value a row where rows are permuted. */
interface Grid {
  readonly rows: number
  readonly rowLength: number
  readonly rowBytes: number
}

/** Number of rows that ranges of a weight count. */
export const rowsOf = (weight: GgufWeight): number =>
  weight.layout.kind === 'transposed' ? (weight.shape[0] ?? 1) : gridOf(weight).rows

/** Widens rows to float32. `[to - from, rowLength]` */
export async function readRows(file: GgufFile, weight: GgufWeight, range: RowRange): Promise<Float32Array> {
  if (weight.layout.kind === 'transposed') return readTransposed(file, weight, range)
  const { rowLength } = gridOf(weight)
  const out = new Float32Array((range.to - range.from) * rowLength)
  for await (const { rows, stored } of storedChunks(file, weight, range)) {
    dequantise(
      weight.type,
      stored,
      out.subarray((rows.from - range.from) * rowLength, (rows.to - range.from) * rowLength),
    )
  }
  return out
}

/** Bytes of rows as the file quantises them, in Hugging Face's row order. */
export async function readStoredRows(file: GgufFile, weight: GgufWeight, range: RowRange): Promise<Uint8Array> {
  const { rowBytes } = gridOf(weight)
  const out = new Uint8Array((range.to - range.from) * rowBytes)
  if (weight.layout.kind !== 'rotary-pairs') {
    await file.readInto(weight.stored, out, range.from * rowBytes)
    return out
  }
  for await (const { rows, stored } of storedChunks(file, weight, range))
    out.set(stored, (rows.from - range.from) * rowBytes)
  return out
}

function gridOf({ shape, layout, stored }: GgufWeight): Grid {
  const permutedVector = layout.kind === 'rotary-pairs' && shape.length === 1
  const rowLength = permutedVector ? 1 : (stored.shape.at(-1) ?? 1)
  const rows = stored.shape.reduce((product, size) => product * size, 1) / rowLength
  return { rows, rowLength, rowBytes: stored.byteLength / rows }
}

/** Goes through the stored rows in chunks of whole heads; a chunk's bytes are valid until the next. */
async function* storedChunks(file: GgufFile, weight: GgufWeight, { from, to }: RowRange) {
  const { rowBytes } = gridOf(weight)
  const unit = weight.layout.kind === 'rotary-pairs' ? weight.layout.headDim : 1
  const chunkRows = unit * Math.max(1, Math.floor(CHUNK_BYTES / (rowBytes * unit)))
  const held = new Uint8Array(
    Math.min(chunkRows, Math.ceil(to / unit) * unit - Math.floor(from / unit) * unit) * rowBytes,
  )
  const ordered = weight.layout.kind === 'rotary-pairs' ? new Uint8Array(held.byteLength) : held
  for (let first = from - (from % unit); first < to; first += chunkRows) {
    const last = Math.min(first + chunkRows, Math.ceil(to / unit) * unit)
    const chunk = held.subarray(0, (last - first) * rowBytes)
    await file.readInto(weight.stored, chunk, first * rowBytes)
    if (weight.layout.kind === 'rotary-pairs') untangle(chunk, ordered, { rowBytes, headDim: unit })
    const rows = { from: Math.max(first, from), to: Math.min(last, to) }
    yield { rows, stored: ordered.subarray((rows.from - first) * rowBytes, (rows.to - first) * rowBytes) }
  }
}

/** Puts the rows of whole heads from pairs side by side to pairs half a head apart. */
function untangle(
  paired: Uint8Array,
  halves: Uint8Array,
  { rowBytes, headDim }: { rowBytes: number; headDim: number },
): void {
  for (let row = 0; row * rowBytes < paired.byteLength; row++) {
    const within = row % headDim
    const place = row - within + (within % 2) * (headDim / 2) + (within >> 1)
    halves.set(paired.subarray(row * rowBytes, (row + 1) * rowBytes), place * rowBytes)
  }
}

/** Row i of the result is column i of what is stored. */
async function readTransposed(file: GgufFile, weight: GgufWeight, { from, to }: RowRange): Promise<Float32Array> {
  const { rows: columns, rowLength } = gridOf(weight)
  const out = new Float32Array((to - from) * columns)
  for await (const { rows, stored } of storedChunks(file, weight, { from: 0, to: columns })) {
    const values = new Float32Array((rows.to - rows.from) * rowLength)
    dequantise(weight.type, stored, values)
    for (let column = rows.from; column < rows.to; column++) {
      const first = (column - rows.from) * rowLength
      for (let row = from; row < to; row++) out[(row - from) * columns + column] = values[first + row] ?? 0
    }
  }
  return out
}
