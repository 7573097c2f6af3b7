import type { ModelConfig } from '../../models/model-config.ts'
import { geluTanh, swiglu } from './activations.ts'
import { applyAffine } from './affine.ts'
import { type AttentionPlan, attend } from './attention.ts'
import type { LayerWeights } from './decoder-weights.ts'
import type { KvCache } from './kv-cache.ts'
import type { MatrixProducts } from './matrix-products.ts'
import { normalise, normaliseHeads } from './norms.ts'
import { type HeadSpan, type Rotations, rotate } from './rotary.ts'

export interface LayerPass {
  readonly config: ModelConfig
  readonly plan: AttentionPlan
  readonly products: MatrixProducts
  /** Where positions are rotary. */
  readonly rotations: Rotations | undefined
  readonly start: number
  readonly rows: number
  /** Positions written so far. */
  readonly length: number
}

/**
 * One pre-norm transformer layer: x += attention(norm(x)); x += feedForward(norm(x)).
 *
 * @param x residual stream, updated in place. `[rows, hidden]`
 */
export function runLayer(
  x: Float32Array,
  layer: { weights: LayerWeights; caches: readonly KvCache[] },
  pass: LayerPass,
): void {
  const { config, plan, products, start, rows, length } = pass
  const { weights, caches } = layer
  const { epsilon } = config.norm

  const normed = normalise(x, weights.attentionNorm, config.norm)
  const queryKeyValue = applyAffine(products, normed, weights.queryKeyValue)
  const stride = weights.queryKeyValue.matrix.outSize
  const keysAt = plan.heads * plan.headDim
  const valuesAt = keysAt + plan.kvHeads * plan.headDim
  const queries: HeadSpan = { offset: 0, heads: plan.heads, stride }
  const keys: HeadSpan = { offset: keysAt, heads: plan.kvHeads, stride }
  if (weights.queryNorm !== undefined) normaliseHeads(queryKeyValue, queries, weights.queryNorm, epsilon)
  if (weights.keyNorm !== undefined) normaliseHeads(queryKeyValue, keys, weights.keyNorm, epsilon)
  if (pass.rotations !== undefined) {
    rotate(queryKeyValue, queries, pass.rotations)
    rotate(queryKeyValue, keys, pass.rotations)
  }
  for (const [index, cache] of caches.entries()) {
    const shift = index * plan.bundle * plan.headDim
    cache.write(
      queryKeyValue,
      { start, rows, length },
      { stride, keyOffset: keysAt + shift, valueOffset: valuesAt + shift },
    )
  }
  const attended = attend(products, {
    plan,
    caches,
    queries: queryKeyValue,
    stride,
    start,
    rows,
    window: weights.window,
  })
  add(x, applyAffine(products, attended, weights.output))

  const inner = applyAffine(products, normalise(x, weights.ffnNorm, config.norm), weights.feedForwardIn)
  const active = config.feedForward.kind === 'gated' ? swiglu(inner, config.ffnSize) : geluTanh(inner)
  add(x, applyAffine(products, active, weights.down))
}

function add(x: Float32Array, delta: Float32Array): void {
  for (let i = 0; i < x.length; i++) x[i] = (x[i] as number) + (delta[i] as number)
}
