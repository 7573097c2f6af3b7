/** Writes little-endian values one after another into a buffer of known size. */
export class ByteWriter {
  readonly bytes: Uint8Array
  readonly #view: DataView
  #at = 0

  constructor(byteLength: number) {
    this.bytes = new Uint8Array(byteLength)
    this.#view = new DataView(this.bytes.buffer)
  }

  u8(value: number): this {
    this.#view.setUint8(this.#advance(1), value)
    return this
  }

  u16(value: number): this {
    this.#view.setUint16(this.#advance(2), value, true)
    return this
  }

  u32(value: number): this {
    this.#view.setUint32(this.#advance(4), value, true)
    return this
  }

  u64(value: bigint): this {
    this.#view.setBigUint64(this.#advance(8), value, true)
    return this
  }

  f32(value: number): this {
    this.#view.setFloat32(this.#advance(4), value, true)
    return this
  }

  u32s(values: readonly number[]): this {
    for (const value of values) this.u32(value)
    return this
  }

  f32s(values: Float32Array): this {
    const start = this.#advance(4 * values.length)
    for (let slot = 0; slot < values.length; slot++) this.#view.setFloat32(start + 4 * slot, values[slot] ?? 0, true)
    return this
  }

  raw(bytes: Uint8Array): this {
    this.bytes.set(bytes, this.#advance(bytes.length))
    return this
  }

  #advance(byteLength: number): number {
    const start = this.#at
    this.#at += byteLength
    return start
  }
}
