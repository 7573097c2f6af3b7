import { type FileHandle, open } from 'node:fs/promises'
import { DsdError } from '@dsd-lab/core'
import { bytesPerValue, isReadableDtype, READABLE_DTYPES, type ReadableDtype, widen } from './dtype.ts'
import { quoted } from './gguf/refusal.ts'
import type { RowRange } from './model-weights.ts'
import { headerLength, LENGTH_FIELD_BYTES, parseHeader, type TensorEntry } from './safetensors-header.ts'

/** Node refuses to read 2 GiB at once. */
const LARGEST_READ_BYTES = 2 ** 30

/** One open `.safetensors` file. Reads its header once and then only the byte ranges of the tensors asked for. */
export class SafetensorsFile implements AsyncDisposable {
  readonly path: string
  readonly entries: ReadonlyMap<string, TensorEntry>
  readonly #handle: FileHandle

  private constructor(path: string, entries: ReadonlyMap<string, TensorEntry>, handle: FileHandle) {
    this.path = path
    this.entries = entries
    this.#handle = handle
  }

  /** @throws DsdError when the file is missing, cut off, or no safetensors file */
  static async open(path: string): Promise<SafetensorsFile> {
    const handle = await open(path, 'r').catch((cause: unknown) => {
      throw new DsdError('the weight file cannot be opened', {
        kind: 'bad-input',
        where: path,
        fix: 'check that it is there and readable',
        cause,
      })
    })
    try {
      const fileBytes = (await handle.stat()).size
      const lengthField = await readRange(handle, path, {
        begin: 0,
        byteLength: Math.min(LENGTH_FIELD_BYTES, fileBytes),
      })
      const byteLength = headerLength(path, lengthField, fileBytes)
      const header = await readRange(handle, path, { begin: LENGTH_FIELD_BYTES, byteLength })
      return new SafetensorsFile(path, parseHeader(path, header, fileBytes), handle)
    } catch (error) {
      await handle.close()
      throw error
    }
  }

  /**
   * One tensor that can be read.
   *
   * @throws DsdError when the file lacks it, its number format is not readable, or its bytes do not fit its shape
   */
  readable(name: string): TensorEntry & { readonly dtype: ReadableDtype } {
    const entry = this.entries.get(name)
    if (entry === undefined) {
      throw new DsdError(`the file has no tensor ${quoted(name)}`, { kind: 'bad-input', where: this.path })
    }
    const { dtype, shape } = entry
    if (!isReadableDtype(dtype)) {
      throw new DsdError(`tensor ${quoted(name)} has dtype ${quoted(dtype)}, which is not supported`, {
        kind: 'bad-input',
        where: this.path,
        fix: `convert the weights to one of ${READABLE_DTYPES.join(', ')}`,
      })
    }
    const expected = bytesPerValue(dtype) * shape.reduce((product, size) => product * size, 1)
    if (entry.byteLength !== expected) {
      throw new DsdError(
        `tensor ${quoted(name)} of shape [${shape.join(', ')}] needs ${expected} bytes and has ${entry.byteLength}`,
        { kind: 'bad-input', where: this.path, fix: 'fetch the file again' },
      )
    }
    return { ...entry, dtype }
  }

  /**
   * Reads one tensor as float32, row major.
   *
   * @throws DsdError as `readable`
   */
  async read(name: string): Promise<Float32Array> {
    const entry = this.readable(name)
    return widen(entry.dtype, await readRange(this.#handle, this.path, entry))
  }

  /**
   * Reads rows `[from, to)` of a matrix as float32. `[to - from, in]`
   *
   * @throws DsdError as `readable`
   */
  async readRows(name: string, { from, to }: RowRange): Promise<Float32Array> {
    const { dtype, shape, begin, byteLength } = this.readable(name)
    const [rows = 1] = shape
    if (!(Number.isInteger(from) && Number.isInteger(to) && 0 <= from && from <= to && to <= rows)) {
      throw new RangeError(`tensor ${name} has ${rows} rows; [${from}, ${to}) were asked for`)
    }
    const rowBytes = rows === 0 ? 0 : byteLength / rows
    const range = { begin: begin + from * rowBytes, byteLength: (to - from) * rowBytes }
    return widen(dtype, await readRange(this.#handle, this.path, range))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#handle.close()
  }
}

async function readRange(
  handle: FileHandle,
  path: string,
  range: { readonly begin: number; readonly byteLength: number },
): Promise<Uint8Array> {
  const bytes = new Uint8Array(range.byteLength)
  let filled = 0
  while (filled < bytes.byteLength) {
    const length = Math.min(LARGEST_READ_BYTES, bytes.byteLength - filled)
    const { bytesRead } = await handle.read(bytes, filled, length, range.begin + filled)
    if (bytesRead === 0) {
      throw new DsdError(`the file ends at byte ${range.begin + filled}, inside a tensor`, {
        kind: 'bad-input',
        where: path,
        fix: 'fetch the file again',
      })
    }
    filled += bytesRead
  }
  return bytes
}
