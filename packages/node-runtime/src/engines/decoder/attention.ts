import { exponential } from './exponential.ts'
import type { KvCache } from './kv-cache.ts'
import type { MatrixProducts } from './matrix-products.ts'

/** How the heads of a model lie, and how many key/value heads one product covers. */
export interface AttentionPlan {
  readonly heads: number
  readonly kvHeads: number
  readonly headDim: number
  /** Query heads per key/value head. */
  readonly group: number
  /** Key/value heads that share one product; divides `kvHeads`. */
  readonly bundle: number
}

/**
 * Products repack their right operand in tiles of this many columns. Heads are bundled as long as the queries of one row
 * fit into a tile: the zeros between the heads then cost nothing, and a layer needs few products.
 */
const TILE_COLUMNS = 8

export function planAttention(shape: {
  readonly heads: number
  readonly kvHeads: number
  readonly headDim: number
}): AttentionPlan {
  const group = shape.heads / shape.kvHeads
  let bundle = Math.min(shape.kvHeads, Math.max(1, Math.floor(TILE_COLUMNS / group)))
  while (shape.kvHeads % bundle !== 0) bundle--
  return { ...shape, group, bundle }
}

export interface AttentionRequest {
  readonly plan: AttentionPlan
  /** One per bundle, with keys and values of all positions up to the last row. */
  readonly caches: readonly KvCache[]
  /** Rotated queries at the front of rows of `stride` values. */
  readonly queries: Float32Array
  readonly stride: number
  readonly start: number
  readonly rows: number
  /** Positions that a row attends to, its own the last of them; undefined: all. */
  readonly window: number | undefined
}

/**
 * Causal grouped-query attention of a window of rows over the cache.
 *
 * @returns `[rows, heads * headDim]`
 */
export function attend(products: MatrixProducts, request: AttentionRequest): Float32Array {
  const { plan, rows, window = Number.POSITIVE_INFINITY } = request
  const { bundle, group, headDim } = plan
  const out = new Float32Array(rows * plan.heads * headDim)
  const width = bundle * headDim
  const columns = rows * bundle * group
  for (const [index, { keys, values, capacity }] of request.caches.entries()) {
    const scores = products.multiply(keys, spreadQueries(request, index), { rows: capacity, inner: width, columns })
    const sums = exponentiate(scores, { start: request.start, rows, heads: bundle * group, window })
    const mixed = products.multiply(values, scores, { rows: width, inner: capacity, columns })
    for (let column = 0; column < columns; column++) {
      const { row, head, block } = place(plan, index, column)
      const to = (row * plan.heads + head) * headDim
      const sum = sums[column] as number
      for (let i = 0; i < headDim; i++) out[to + i] = (mixed[(block + i) * columns + column] as number) / sum
    }
  }
  return out
}

/** A column of the products: one query head of one row, whose key/value head fills the dimensions from `block` on. */
function place({ bundle, group, headDim }: AttentionPlan, index: number, column: number) {
  const row = Math.floor(column / (bundle * group))
  const inBundle = column % (bundle * group)
  return { row, head: index * bundle * group + inBundle, block: Math.floor(inBundle / group) * headDim }
}

/** Scaled queries as columns, zero outside their own key/value head. `[bundle * headDim, columns]` */
function spreadQueries({ plan, queries, stride, rows }: AttentionRequest, index: number): Float32Array {
  const { bundle, group, headDim } = plan
  const columns = rows * bundle * group
  const scale = 1 / Math.sqrt(headDim)
  const spread = new Float32Array(bundle * headDim * columns)
  for (let column = 0; column < columns; column++) {
    const { row, head, block } = place(plan, index, column)
    const from = row * stride + head * headDim
    for (let i = 0; i < headDim; i++) spread[(block + i) * columns + column] = (queries[from + i] as number) * scale
  }
  return spread
}

interface ScoredRows {
  readonly start: number
  readonly rows: number
  /** Columns of a row. */
  readonly heads: number
  readonly window: number
}

/**
 * Turns scores `[capacity, rows * heads]` into exp(score - largest of the column) in place, zero beyond the row's own
 * position and before its window.
 *
 * @returns the sum of every column
 */
function exponentiate(scores: Float32Array, { start, rows, heads, window }: ScoredRows): Float64Array {
  const columns = rows * heads
  const largest = new Float64Array(columns).fill(Number.NEGATIVE_INFINITY)
  const sums = new Float64Array(columns)
  for (let t = 0; t < start + rows; t++) {
    // The rows from t - start on see position t, until it leaves their window.
    const past = Math.min(rows, Math.max(0, t + window - start)) * heads
    for (let column = Math.max(0, t - start) * heads; column < past; column++) {
      const score = scores[t * columns + column] as number
      if (score > (largest[column] as number)) largest[column] = score
    }
  }
  for (let t = 0; t < start + rows; t++) {
    const seeing = Math.max(0, t - start) * heads
    const past = Math.min(rows, Math.max(0, t + window - start)) * heads
    if (seeing > 0) scores.fill(0, t * columns, t * columns + seeing)
    if (past < columns) scores.fill(0, t * columns + past, (t + 1) * columns)
    for (let column = seeing; column < past; column++) {
      const weight = Math.fround(exponential((scores[t * columns + column] as number) - (largest[column] as number)))
      scores[t * columns + column] = weight
      sums[column] = (sums[column] as number) + weight
    }
  }
  scores.fill(0, (start + rows) * columns)
  return sums
}
