import { type FileHandle, open } from 'node:fs/promises'
import { HeaderCursor, type HeaderSource } from './header-cursor.ts'
import { Metadata } from './metadata.ts'
import { damaged, quoted, refusal } from './refusal.ts'
import { readTensorEntries, type TensorEntry } from './tensor-entry.ts'

const MAGIC = 'GGUF'
const DEFAULT_ALIGNMENT = 32

/** Node refuses to read 2 GiB at once. */
const LARGEST_READ_BYTES = 2 ** 30

/** One open GGUF file, version 2 or 3. The header is read once; of the tensors only the bytes that are asked for. */
export class GgufFile implements AsyncDisposable {
  readonly path: string
  readonly fileBytes: number
  readonly version: number
  readonly metadata: Metadata
  readonly tensors: ReadonlyMap<string, TensorEntry>
  readonly #handle: FileHandle

  private constructor(source: HeaderSource, handle: FileHandle) {
    const cursor = new HeaderCursor(source)
    this.path = source.path
    this.fileBytes = source.fileBytes
    this.#handle = handle
    this.version = readVersion(cursor)
    cursor.subject = 'the header'
    const tensorCount = Number(cursor.uint64())
    const metadataCount = Number(cursor.uint64())
    this.metadata = Metadata.read(cursor, metadataCount)
    this.tensors = readTensorEntries(cursor, tensorCount, readAlignment(source.path, this.metadata))
  }

  /** @throws DsdError in one line when the file is missing, cut off, of another kind or damaged in its header */
  static async open(path: string): Promise<GgufFile> {
    const handle = await open(path, 'r').catch((cause: unknown) => {
      throw refusal(path, 'the GGUF file cannot be opened', { fix: 'check that it is there and readable', cause })
    })
    try {
      const found = await handle.stat()
      if (!found.isFile()) throw refusal(path, 'this is no file')
      return new GgufFile({ path, fd: handle.fd, fileBytes: found.size }, handle)
    } catch (error) {
      await handle.close()
      throw error
    }
  }

  /** @throws DsdError when the file lacks it */
  tensor(name: string): TensorEntry {
    const entry = this.tensors.get(name)
    if (entry === undefined) throw refusal(this.path, `tensor ${quoted(name)} is missing`)
    return entry
  }

  /**
   * Fills `bytes` with a tensor's stored bytes, from `offset` bytes after its first.
   *
   * @throws DsdError when the file has become shorter since it was opened
   */
  async readInto(tensor: TensorEntry, bytes: Uint8Array, offset = 0): Promise<void> {
    if (offset + bytes.byteLength > tensor.byteLength) {
      throw new RangeError(
        `tensor ${tensor.name} has ${tensor.byteLength} bytes; ${offset} + ${bytes.byteLength} were asked for`,
      )
    }
    let filled = 0
    while (filled < bytes.byteLength) {
      const position = tensor.start + offset + filled
      const length = Math.min(LARGEST_READ_BYTES, bytes.byteLength - filled)
      const { bytesRead } = await this.#handle.read(bytes, filled, length, position)
      if (bytesRead === 0) {
        throw damaged(this.path, `the file ends at byte ${position}, inside tensor ${quoted(tensor.name)}`)
      }
      filled += bytesRead
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#handle.close()
  }
}

function readVersion(cursor: HeaderCursor): number {
  const { path } = cursor.source
  cursor.subject = 'the first bytes'
  const magic = String.fromCharCode(cursor.uint8(), cursor.uint8(), cursor.uint8(), cursor.uint8())
  if (magic !== MAGIC) throw refusal(path, `this is no GGUF file: it begins with ${JSON.stringify(magic)}`)
  const version = cursor.uint32()
  if (version === 2 || version === 3) return version
  if ((version & 0xffff) === 0)
    throw refusal(path, 'this GGUF file is big endian', { fix: 'convert it to little endian' })
  throw refusal(path, `GGUF version ${version} is not supported (only 2 and 3)`)
}

function readAlignment(path: string, metadata: Metadata): number {
  const alignment = metadata.size('general.alignment') ?? DEFAULT_ALIGNMENT
  const powerOfTwo = alignment > 0 && alignment <= 2 ** 30 && (alignment & (alignment - 1)) === 0
  if (!powerOfTwo) throw damaged(path, `general.alignment is ${alignment}, no power of two up to 2^30`)
  return alignment
}
