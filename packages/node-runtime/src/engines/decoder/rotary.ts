/** Cosine and sine of every rotation of a run of positions. */
export interface Rotations {
  readonly rows: number
  /** `[rows, headDim / 2]` */
  readonly cosines: Float64Array
  /** `[rows, headDim / 2]` */
  readonly sines: Float64Array
}

/** @param frequencies radians per position, `[headDim / 2]` */
export function rotations(frequencies: Float64Array, start: number, rows: number): Rotations {
  const angles = new Float64Array(rows * frequencies.length)
  for (let row = 0; row < rows; row++) {
    for (const [pair, frequency] of frequencies.entries())
      angles[row * frequencies.length + pair] = (start + row) * frequency
  }
  return { rows, cosines: angles.map(Math.cos), sines: angles.map(Math.sin) }
}

/** Heads that lie side by side in rows of some stride. */
export interface HeadSpan {
  /** First value of the first head in a row. */
  readonly offset: number
  readonly heads: number
  /** Values in a row. */
  readonly stride: number
}

/** Turns the heads of every row in place: dimension i with dimension i + headDim / 2. */
export function rotate(x: Float32Array, span: HeadSpan, { rows, cosines, sines }: Rotations): void {
  const half = cosines.length / rows
  for (let row = 0; row < rows; row++) {
    for (let head = 0; head < span.heads; head++) {
      const low = row * span.stride + span.offset + head * 2 * half
      for (let pair = 0; pair < half; pair++) {
        const cosine = cosines[row * half + pair] as number
        const sine = sines[row * half + pair] as number
        const a = x[low + pair] as number
        const b = x[low + half + pair] as number
        x[low + pair] = a * cosine - b * sine
        x[low + half + pair] = b * cosine + a * sine
      }
    }
  }
}
