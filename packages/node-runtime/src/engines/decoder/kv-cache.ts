/** Capacity grows in steps of this many positions; a multiple of 8, so that every product has the same inner tiling. */
const GROWTH = 32

/**
 * Keys and values of the heads that one attention product covers, in the two layouts in which they are the left operand:
 * the small operand (queries, weights) is then the one that engines repack.
 */
export class KvCache {
  /** `[capacity, width]` */
  keys = new Float32Array(0)
  /** `[width, capacity]` */
  values = new Float32Array(0)
  /** A multiple of 8. Columns of `values` without a written position are zero. */
  capacity = 0
  readonly #width: number

  constructor(width: number) {
    this.#width = width
  }

  /**
   * Writes rows from position `start` on and forgets every later one.
   *
   * @param source rows of `stride` values; keys of this cache begin at `keyOffset`, values at `valueOffset`
   */
  write(
    source: Float32Array,
    at: { readonly start: number; readonly rows: number; readonly length: number },
    from: { readonly stride: number; readonly keyOffset: number; readonly valueOffset: number },
  ): void {
    const width = this.#width
    this.#reserve(at.start + at.rows)
    for (let row = 0; row < at.rows; row++) {
      const position = at.start + row
      const key = row * from.stride + from.keyOffset
      const value = row * from.stride + from.valueOffset
      this.keys.set(source.subarray(key, key + width), position * width)
      for (let i = 0; i < width; i++) this.values[i * this.capacity + position] = source[value + i] as number
    }
    for (let position = at.start + at.rows; position < at.length; position++) {
      for (let i = 0; i < width; i++) this.values[i * this.capacity + position] = 0
    }
  }

  #reserve(length: number): void {
    if (length <= this.capacity) return
    const capacity = Math.ceil(length / GROWTH) * GROWTH
    const keys = new Float32Array(capacity * this.#width)
    keys.set(this.keys)
    const values = new Float32Array(this.#width * capacity)
    for (let i = 0; i < this.#width; i++) {
      values.set(this.values.subarray(i * this.capacity, (i + 1) * this.capacity), i * capacity)
    }
    this.keys = keys
    this.values = values
    this.capacity = capacity
  }
}
