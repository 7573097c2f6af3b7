/** A frame that does not say what it should. Never leaves `decodeFrame`. */
export class Malformed extends Error {}

/** Reads little-endian values one after another; looks whether they are there before it allocates anything. */
export class ByteReader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  #at: number

  constructor(bytes: Uint8Array, at = 0) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#at = at
  }

  get remaining(): number {
    return this.#bytes.length - this.#at
  }

  u8(): number {
    return this.#view.getUint8(this.#advance(1))
  }

  u16(): number {
    return this.#view.getUint16(this.#advance(2), true)
  }

  u32(): number {
    return this.#view.getUint32(this.#advance(4), true)
  }

  u64(): bigint {
    return this.#view.getBigUint64(this.#advance(8), true)
  }

  f32(): number {
    return this.#view.getFloat32(this.#advance(4), true)
  }

  u32s(count: number): number[] {
    const start = this.#advance(4 * count)
    return Array.from({ length: count }, (_, slot) => this.#view.getUint32(start + 4 * slot, true))
  }

  f32s(count: number): Float32Array {
    const start = this.#advance(4 * count)
    const values = new Float32Array(count)
    for (let slot = 0; slot < count; slot++) values[slot] = this.#view.getFloat32(start + 4 * slot, true)
    return values
  }

  /** A copy, so that the frame does not keep the link's buffer alive. */
  raw(byteLength: number): Uint8Array {
    const start = this.#advance(byteLength)
    return this.#bytes.slice(start, start + byteLength)
  }

  /** Lets `read` consume a value of its own length from here. */
  with<T>(read: (bytes: Uint8Array, offset: number) => { readonly value: T; readonly byteLength: number }): T {
    const { value, byteLength } = read(this.#bytes, this.#at)
    this.#advance(byteLength)
    return value
  }

  end(): void {
    if (this.remaining !== 0) throw new Malformed(`${this.remaining} bytes are left over`)
  }

  #advance(byteLength: number): number {
    const start = this.#at
    if (byteLength > this.remaining) throw new Malformed(`${byteLength - this.remaining} bytes are missing`)
    this.#at += byteLength
    return start
  }
}
