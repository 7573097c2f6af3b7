/** Cosines and sines of all positions up to a capacity, made when first needed. */
export class RotationTable {
  /** Pairs of dimensions that rotate. */
  readonly pairs: number
  readonly #frequencies: Float64Array
  #capacity = 0
  /** `[capacity, pairs]` */
  cosines = new Float32Array(0)
  /** `[capacity, pairs]` */
  sines = new Float32Array(0)

  /** @param frequencies radians per position, `[pairs]` */
  constructor(frequencies: Float64Array) {
    this.#frequencies = frequencies
    this.pairs = frequencies.length
  }

  reserve(capacity: number): void {
    if (capacity <= this.#capacity) return
    const { pairs } = this
    this.cosines = new Float32Array(capacity * pairs)
    this.sines = new Float32Array(capacity * pairs)
    for (let position = 0; position < capacity; position++) {
      for (const [pair, frequency] of this.#frequencies.entries()) {
        this.cosines[position * pairs + pair] = Math.cos(position * frequency)
        this.sines[position * pairs + pair] = Math.sin(position * frequency)
      }
    }
    this.#capacity = capacity
  }
}
