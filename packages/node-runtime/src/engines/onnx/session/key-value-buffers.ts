export interface CacheShape {
  readonly layers: number
  readonly kvHeads: number
  readonly headDim: number
}

/** Positions that a new text has room for; doubled when they are used up. */
const FIRST_CAPACITY = 512

/**
 * Keys and values of one text in every layer, in buffers of our own that the graph reads and writes in place. What lies beyond the
 * length that a forward pass is told is never read, so a text is shortened by telling it less.
 */
export class KeyValueBuffers {
  capacity = 0
  /** One for each layer. `[kvHeads, capacity, headDim]` */
  keys: readonly Float32Array[] = []
  /** One for each layer. `[kvHeads, capacity, headDim]` */
  values: readonly Float32Array[] = []
  readonly #shape: CacheShape

  constructor(shape: CacheShape) {
    this.#shape = shape
  }

  /** @returns true iff the buffers are new ones */
  reserve(positions: number): boolean {
    if (positions <= this.capacity && this.capacity > 0) return false
    const capacity = Math.max(FIRST_CAPACITY, 2 ** Math.ceil(Math.log2(positions)))
    const grown = (buffers: readonly Float32Array[]): Float32Array[] =>
      Array.from({ length: this.#shape.layers }, (_, layer) => this.#grow(buffers[layer], capacity))
    this.keys = grown(this.keys)
    this.values = grown(this.values)
    this.capacity = capacity
    return true
  }

  #grow(buffer: Float32Array | undefined, capacity: number): Float32Array {
    const { kvHeads, headDim } = this.#shape
    const grown = new Float32Array(kvHeads * capacity * headDim)
    const used = this.capacity * headDim
    for (let head = 0; buffer !== undefined && head < kvHeads; head++) {
      grown.set(buffer.subarray(head * used, (head + 1) * used), head * capacity * headDim)
    }
    return grown
  }
}
