import { readSync } from 'node:fs'
import { damaged } from './refusal.ts'

/** An open file, as far as the header needs it. */
export interface HeaderSource {
  readonly path: string
  readonly fd: number
  readonly fileBytes: number
}

/** Bytes of the header in memory at once; strings of a vocabulary are walked over, not kept. */
const WINDOW_BYTES = 256 * 1024

/** A chat template is the longest text that belongs into a header: some 10 KB. */
const LONGEST_TEXT_BYTES = 16 * 1024 * 1024

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Reads a header front to back, little endian, through a window of fixed size. Whatever length the file claims is held
 * against the bytes that are left in it before anything is allocated.
 */
export class HeaderCursor {
  readonly source: HeaderSource
  /** Next byte to be read. */
  position: number
  /** What is being read, for the message if the file ends inside it. */
  subject = 'the header'
  readonly #window: Uint8Array
  readonly #view: DataView
  #windowStart = 0
  #windowEnd = 0

  constructor(source: HeaderSource, position = 0) {
    this.source = source
    this.position = position
    this.#window = new Uint8Array(Math.min(WINDOW_BYTES, source.fileBytes))
    this.#view = new DataView(this.#window.buffer)
  }

  get remaining(): number {
    return this.source.fileBytes - this.position
  }

  uint8 = (): number => this.#view.getUint8(this.#take(1))
  int8 = (): number => this.#view.getInt8(this.#take(1))
  uint16 = (): number => this.#view.getUint16(this.#take(2), true)
  int16 = (): number => this.#view.getInt16(this.#take(2), true)
  uint32 = (): number => this.#view.getUint32(this.#take(4), true)
  int32 = (): number => this.#view.getInt32(this.#take(4), true)
  float32 = (): number => this.#view.getFloat32(this.#take(4), true)
  float64 = (): number => this.#view.getFloat64(this.#take(8), true)
  uint64 = (): bigint => this.#view.getBigUint64(this.#take(8), true)
  int64 = (): bigint => this.#view.getBigInt64(this.#take(8), true)

  /**
   * A count of things of which each takes at least `leastBytes` further on in the file.
   *
   * @throws DsdError when so many cannot follow
   */
  count(leastBytes: number): number {
    const at = this.#take(8)
    const count = this.#view.getUint32(at, true) + this.#view.getUint32(at + 4, true) * 2 ** 32
    if (count * leastBytes > this.remaining) {
      throw damaged(
        this.source.path,
        `${this.subject} claims a length of ${count} at byte ${this.position - 8} of ${this.source.fileBytes}`,
      )
    }
    return count
  }

  skip(bytes: number): void {
    if (bytes > this.remaining) throw this.#truncated()
    this.position += bytes
  }

  skipText(): void {
    this.skip(this.count(1))
  }

  /** @throws DsdError when the text is not UTF-8 or longer than 16 MiB */
  text(): string {
    const byteLength = this.count(1)
    if (byteLength > LONGEST_TEXT_BYTES) {
      throw damaged(this.source.path, `${this.subject} is a text of ${byteLength} bytes, more than a header holds`)
    }
    const start = this.position
    const bytes = byteLength <= this.#window.byteLength ? this.#inWindow(byteLength) : this.#apart(byteLength)
    try {
      return utf8.decode(bytes)
    } catch (cause) {
      throw damaged(this.source.path, `${this.subject} is not UTF-8 text at byte ${start}`, cause)
    }
  }

  #inWindow(byteLength: number): Uint8Array {
    const at = this.#take(byteLength)
    return this.#window.subarray(at, at + byteLength)
  }

  #apart(byteLength: number): Uint8Array {
    const bytes = new Uint8Array(byteLength)
    if (this.#fill(bytes, this.position) < byteLength) throw this.#truncated()
    this.position += byteLength
    return bytes
  }

  /** Makes the next bytes present in the window and says where in it they begin. */
  #take(bytes: number): number {
    if (bytes > this.remaining) throw this.#truncated()
    if (this.position < this.#windowStart || this.position + bytes > this.#windowEnd) {
      this.#windowStart = this.position
      this.#windowEnd = this.position + this.#fill(this.#window, this.position)
      if (this.position + bytes > this.#windowEnd) throw this.#truncated()
    }
    const at = this.position - this.#windowStart
    this.position += bytes
    return at
  }

  #fill(bytes: Uint8Array, start: number): number {
    let filled = 0
    while (filled < bytes.byteLength) {
      const read = readSync(this.source.fd, bytes, filled, bytes.byteLength - filled, start + filled)
      if (read === 0) break
      filled += read
    }
    return filled
  }

  #truncated() {
    return damaged(this.source.path, `the file ends at byte ${this.source.fileBytes}, inside ${this.subject}`)
  }
}
