type Values = Float32Array | Float64Array

/** Indices of the `count` largest values, largest first, ties by lower index. Linear in `values` for a small `count`. `[count]` */
export function topIndices(values: Values, count: number): Uint32Array {
  const kept = Math.min(count, values.length)
  // A heap pays off while most values never enter it.
  const chosen = kept * 8 > values.length ? Uint32Array.from(values.keys()) : heapOfLargest(values, kept)
  return chosen.sort((a, b) => valueAt(values, b) - valueAt(values, a) || a - b).subarray(0, kept)
}

/** The `count` largest as a heap with the worst of them at the root. Walks upwards, so a tie never displaces a lower index. */
function heapOfLargest(values: Values, count: number): Uint32Array {
  const heap = Uint32Array.from({ length: count }, (_, index) => index)
  if (count === 0) return heap
  for (let node = (count >>> 1) - 1; node >= 0; node--) sink(values, heap, node)
  let worst = valueAt(values, heap[0] ?? 0)
  for (let index = count; index < values.length; index++) {
    if (valueAt(values, index) <= worst) continue
    heap[0] = index
    sink(values, heap, 0)
    worst = valueAt(values, heap[0] ?? 0)
  }
  return heap
}

function sink(values: Values, heap: Uint32Array, from: number): void {
  let node = from
  for (;;) {
    const left = 2 * node + 1
    if (left >= heap.length) return
    const right = left + 1
    const child = right < heap.length && isWorse(values, heap[right] ?? 0, heap[left] ?? 0) ? right : left
    const parentIndex = heap[node] ?? 0
    const childIndex = heap[child] ?? 0
    if (!isWorse(values, childIndex, parentIndex)) return
    heap[node] = childIndex
    heap[child] = parentIndex
    node = child
  }
}

function isWorse(values: Values, a: number, b: number): boolean {
  const difference = valueAt(values, a) - valueAt(values, b)
  return difference < 0 || (difference === 0 && a > b)
}

function valueAt(values: Values, index: number): number {
  return values[index] ?? Number.NEGATIVE_INFINITY
}
