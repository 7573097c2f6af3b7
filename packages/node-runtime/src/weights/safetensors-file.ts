import { type FileHandle, open } from 'node:fs/promises'
import { DsdError } from '@dsd-lab/core'
import { bytesPerValue, isReadableDtype, READABLE_DTYPES, widen } from './dtype.ts'
import { headerLength, LENGTH_FIELD_BYTES, parseHeader, type TensorEntry } from './safetensors-header.ts'

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
      return new SafetensorsFile(path, parseHeader(path, new TextDecoder().decode(header), fileBytes), handle)
    } catch (error) {
      await handle.close()
      throw error
    }
  }

  /**
   * Reads one tensor as float32, row major.
   *
   * @throws DsdError when the file lacks it, its number format is not readable, or its bytes do not fit its shape
   */
  async read(name: string): Promise<Float32Array> {
    const entry = this.entries.get(name)
    if (entry === undefined) {
      throw new DsdError(`the file has no tensor ${name}`, { kind: 'bad-input', where: this.path })
    }
    if (!isReadableDtype(entry.dtype)) {
      throw new DsdError(`tensor ${name} has dtype ${entry.dtype}`, {
        kind: 'bad-input',
        where: this.path,
        fix: `convert the weights to one of ${READABLE_DTYPES.join(', ')}`,
      })
    }
    const expected = bytesPerValue(entry.dtype) * entry.shape.reduce((product, size) => product * size, 1)
    if (entry.byteLength !== expected) {
      throw new DsdError(
        `tensor ${name} of shape [${entry.shape.join(', ')}] needs ${expected} bytes and has ${entry.byteLength}`,
        { kind: 'bad-input', where: this.path, fix: 'fetch the file again' },
      )
    }
    return widen(entry.dtype, await readRange(this.#handle, this.path, entry))
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
    const { bytesRead } = await handle.read(bytes, filled, bytes.byteLength - filled, range.begin + filled)
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
