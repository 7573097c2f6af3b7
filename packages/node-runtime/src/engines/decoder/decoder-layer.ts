import type { ModelConfig } from '../../models/model-config.ts'
import { type AttentionPlan, attend } from './attention.ts'
import type { LayerWeights } from './decoder-weights.ts'
import type { KvCache } from './kv-cache.ts'
import type { MatrixProducts } from './matrix-products.ts'
import { rmsNorm } from './rms-norm.ts'
import { type Rotations, rotate } from './rotary.ts'
import { swiglu } from './swiglu.ts'

export interface LayerPass {
  readonly config: ModelConfig
  readonly plan: AttentionPlan
  readonly products: MatrixProducts
  readonly rotations: Rotations
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

  const normed = rmsNorm(x, weights.attentionNorm, config.normEpsilon)
  const queryKeyValue = products.apply(normed, weights.queryKeyValue)
  const stride = weights.queryKeyValue.outSize
  const keysAt = plan.heads * plan.headDim
  const valuesAt = keysAt + plan.kvHeads * plan.headDim
  // Queries and keys lie side by side, and turn alike.
  rotate(queryKeyValue, { offset: 0, heads: plan.heads + plan.kvHeads, stride }, pass.rotations)
  for (const [index, cache] of caches.entries()) {
    const shift = index * plan.bundle * plan.headDim
    cache.write(
      queryKeyValue,
      { start, rows, length },
      { stride, keyOffset: keysAt + shift, valueOffset: valuesAt + shift },
    )
  }
  const attended = attend(products, { plan, caches, queries: queryKeyValue, stride, start, rows })
  add(x, products.apply(attended, weights.output))

  const gateUp = products.apply(rmsNorm(x, weights.ffnNorm, config.normEpsilon), weights.gateUp)
  add(x, products.apply(swiglu(gateUp, config.ffnSize), weights.down))
}

function add(x: Float32Array, delta: Float32Array): void {
  for (let i = 0; i < x.length; i++) x[i] = (x[i] as number) + (delta[i] as number)
}
