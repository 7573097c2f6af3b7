import type { ModelConfig } from '../../../models/model-config.ts'
import type { PlacedNorm } from '../weights/placed-matrix.ts'
import type { GraphBuilder } from './graph-builder.ts'

interface NormCall {
  readonly weights: PlacedNorm
  readonly norm: ModelConfig['norm']
  /** Unique in the graph. */
  readonly name: string
}

/** Weight and, of a layer norm, bias: a layer norm without one is given zeros. */
function parameters(graph: GraphBuilder, { weights, norm, name }: NormCall): string[] {
  const weight = graph.vector(`${name}.norm`, weights.weight)
  if (norm.kind === 'rms') return [weight]
  return [weight, graph.vector(`${name}.norm_bias`, weights.bias ?? new Float32Array(weights.weight.length))]
}

const operators = {
  rms: { plain: 'SimplifiedLayerNormalization', added: 'SkipSimplifiedLayerNormalization' },
  layer: { plain: 'LayerNormalization', added: 'SkipLayerNormalization' },
} as const

/** Norm of the sum, and the sum itself. */
export function addAndNormalise(
  graph: GraphBuilder,
  call: NormCall & { readonly delta: string; readonly residual: string },
): { readonly normed: string; readonly residual: string } {
  const residual = `${call.name}.residual`
  const normed = graph.call({
    operator: operators[call.norm.kind].added,
    domain: 'microsoft',
    inputs: [call.delta, call.residual, ...parameters(graph, call)],
    outputs: [`${call.name}.normed`, '', '', residual],
    attributes: { epsilon: { float: call.norm.epsilon } },
  })
  return { normed, residual }
}

export function normalise(graph: GraphBuilder, call: NormCall & { readonly x: string }): string {
  return graph.call({
    operator: operators[call.norm.kind].plain,
    inputs: [call.x, ...parameters(graph, call)],
    attributes: { axis: { int: -1 }, epsilon: { float: call.norm.epsilon } },
  })
}
