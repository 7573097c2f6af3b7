const BLOCK = 32

/** `[rows, columns]` to `[columns, rows]`, block by block so that both sides stay in the processor's cache. */
export function transpose(values: Float32Array, rows: number, columns: number): Float32Array {
  const turned = new Float32Array(values.length)
  for (let top = 0; top < rows; top += BLOCK) {
    for (let left = 0; left < columns; left += BLOCK) {
      const bottom = Math.min(rows, top + BLOCK)
      const right = Math.min(columns, left + BLOCK)
      for (let row = top; row < bottom; row++) {
        for (let column = left; column < right; column++) {
          turned[column * rows + row] = values[row * columns + column] as number
        }
      }
    }
  }
  return turned
}
