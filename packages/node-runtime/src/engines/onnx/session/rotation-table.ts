/** Cosines and sines of all positions up to a capacity, made when first needed. */
export class RotationTable {
  readonly #frequencies: Float64Array
  #capacity = 0
  /** `[capacity, headDim / 2]` */
  cosines = new Float32Array(0)
  /** `[capacity, headDim / 2]` */
  sines = new Float32Array(0)

  /** @param frequencies radians per position, `[headDim / 2]` */
  constructor(frequencies: Float64Array) {
    this.#frequencies = frequencies
  }

  reserve(capacity: number): void {
    if (capacity <= this.#capacity) return
    const pairs = this.#frequencies.length
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
