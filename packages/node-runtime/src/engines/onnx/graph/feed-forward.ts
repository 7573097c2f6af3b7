import type { ModelConfig } from '../../../models/model-config.ts'
import type { PlacedLayer } from '../weights/placed-matrix.ts'
import { affine, Rows } from './affine.ts'
import type { GraphBuilder } from './graph-builder.ts'

export interface FeedForwardCall {
  readonly config: ModelConfig
  readonly layer: PlacedLayer
  /** Normalised residual stream. */
  readonly rows: Rows
}

/** The feed-forward block. `[1, rows, hidden]` */
export function feedForward(graph: GraphBuilder, { config, layer, rows }: FeedForwardCall): string {
  const [first = '', second = ''] = layer.feedForwardIn.map((matrix) => affine(graph, rows, matrix))
  if (config.feedForward.kind === 'plain') {
    const active = graph.call({ operator: 'FastGelu', domain: 'microsoft', inputs: [first] })
    return affine(graph, new Rows(graph, active), layer.down)
  }
  // x sigmoid(alpha x) with alpha 1 is silu.
  const gate = graph.call({
    operator: 'QuickGelu',
    domain: 'microsoft',
    inputs: [first],
    attributes: { alpha: { float: 1 } },
  })
  const active = graph.call({ operator: 'Mul', inputs: [gate, second] })
  return affine(graph, new Rows(graph, active), layer.down)
}
