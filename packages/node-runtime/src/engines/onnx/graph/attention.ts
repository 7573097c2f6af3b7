import type { ModelConfig } from '../../../models/model-config.ts'
import type { PlacedLayer } from '../weights/placed-matrix.ts'
import { affine, type Rows } from './affine.ts'
import type { GraphBuilder } from './graph-builder.ts'
import { normalise } from './norms.ts'
import { names } from './value-names.ts'

export interface AttentionCall {
  readonly config: ModelConfig
  readonly layer: PlacedLayer
  /** Of the layer in this graph. */
  readonly index: number
  /** Normalised residual stream. */
  readonly rows: Rows
}

/** Grouped-query attention over the cache of the layer. `[1, rows, heads * headDim]` */
export function attention(graph: GraphBuilder, { config, layer, index, rows }: AttentionCall): string {
  const { heads, kvHeads, headDim } = config
  const parts = layer.queryKeyValue.map((matrix) => affine(graph, rows, matrix))
  const packed = joined(graph, parts)
  const normed = layer.queryNorm !== undefined || layer.keyNorm !== undefined
  const queryKeyValue = normed ? normaliseHeads(graph, packed, { config, layer, index }) : [packed, '', '']
  const cache = ['float32', [1, kvHeads, 'capacity', headDim]] as const
  const past = [names.pastKeys(index), names.pastValues(index)].map((name) =>
    graph.input({ name, type: cache[0], shape: cache[1] }),
  )
  const present = [names.keys(index), names.values(index)]
  for (const name of present) graph.output({ name, type: cache[0], shape: cache[1] })
  const rotary = config.positions.kind === 'rotary'
  return graph.call({
    operator: 'GroupQueryAttention',
    domain: 'microsoft',
    inputs: [
      ...queryKeyValue,
      ...past,
      names.lastPosition,
      names.total,
      ...(rotary ? [names.cosines, names.sines] : []),
    ],
    outputs: [`${index}.attended`, ...present],
    attributes: {
      num_heads: { int: heads },
      kv_num_heads: { int: kvHeads },
      do_rotary: { int: rotary ? 1 : 0 },
    },
  })
}

const joined = (graph: GraphBuilder, parts: readonly string[]): string =>
  parts.length === 1 && parts[0] !== undefined
    ? parts[0]
    : graph.call({ operator: 'Concat', inputs: parts, attributes: { axis: { int: -1 } } })

/** Splits queries, keys and values and normalises each head of the first two (Qwen3). */
function normaliseHeads(
  graph: GraphBuilder,
  packed: string,
  { config, layer, index }: Pick<AttentionCall, 'config' | 'layer' | 'index'>,
): string[] {
  const { heads, kvHeads, headDim, norm } = config
  const sizes = [heads * headDim, kvHeads * headDim, kvHeads * headDim]
  const parts = ['query', 'key', 'value'].map((part) => `${index}.${part}`)
  graph.call({
    operator: 'Split',
    inputs: [packed, graph.integers(...sizes)],
    outputs: parts,
    attributes: { axis: { int: -1 } },
  })
  const [query = '', key = '', value = ''] = parts
  const each = (x: string, count: number, weight: Float32Array | undefined): string => {
    if (weight === undefined) return x
    const single = graph.call({ operator: 'Reshape', inputs: [x, graph.integers(1, -1, count, headDim)] })
    const normed = normalise(graph, {
      x: single,
      weights: { weight, bias: undefined },
      norm: { kind: 'rms', epsilon: norm.epsilon },
      name: `${x}.head`,
    })
    return graph.call({ operator: 'Reshape', inputs: [normed, graph.integers(1, -1, count * headDim)] })
  }
  return [each(query, heads, layer.queryNorm), each(key, kvHeads, layer.keyNorm), value]
}
