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

/** The operator takes heads of a multiple of this many values. Others are filled up with zeros, which change no product. */
const HEAD_UNIT = 16

export const paddedHeadDim = (headDim: number): number => Math.ceil(headDim / HEAD_UNIT) * HEAD_UNIT

/** Grouped-query attention over the cache of the layer. `[1, rows, heads * headDim]` */
export function attention(graph: GraphBuilder, { config, layer, index, rows }: AttentionCall): string {
  const { heads, kvHeads, headDim } = config
  const width = paddedHeadDim(headDim)
  const packed = joined(
    graph,
    layer.queryKeyValue.map((matrix) => affine(graph, rows, matrix)),
  )
  const normed = layer.queryNorm !== undefined || layer.keyNorm !== undefined
  const parts = normed ? normaliseHeads(graph, packed, { config, layer, index }) : undefined
  const queryKeyValue = parts ?? [padHeads(graph, packed, { heads: heads + 2 * kvHeads, headDim }), '', '']
  const cache = ['float32', [1, kvHeads, 'capacity', width]] as const
  const past = [names.pastKeys(index), names.pastValues(index)].map((name) =>
    graph.input({ name, type: cache[0], shape: cache[1] }),
  )
  const present = [names.keys(index), names.values(index)]
  for (const name of present) graph.output({ name, type: cache[0], shape: cache[1] })
  const rotary = config.positions.kind === 'rotary'
  const attended = graph.call({
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
      scale: { float: 1 / Math.sqrt(headDim) },
      ...(layer.window === undefined ? {} : { local_window_size: { int: layer.window } }),
    },
  })
  return cropHeads(graph, attended, { heads, headDim })
}

interface Heads {
  readonly heads: number
  readonly headDim: number
}

/** Each half is filled up by itself: dimension i turns with the one half a head further. An odd head turns in no model. */
const partsOf = (headDim: number): number => (headDim % 2 === 0 ? 2 : 1)

/** `[1, rows, heads * headDim]` to `[1, rows, heads * padded]` */
function padHeads(graph: GraphBuilder, x: string, { heads, headDim }: Heads): string {
  const parts = partsOf(headDim)
  const width = paddedHeadDim(headDim)
  if (width === headDim) return x
  const split = graph.call({ operator: 'Reshape', inputs: [x, graph.integers(1, -1, parts * heads, headDim / parts)] })
  const padding = graph.integers(0, 0, 0, 0, 0, 0, 0, (width - headDim) / parts)
  const padded = graph.call({ operator: 'Pad', inputs: [split, padding] })
  return graph.call({ operator: 'Reshape', inputs: [padded, graph.integers(1, -1, heads * width)] })
}

/** The other way round. */
function cropHeads(graph: GraphBuilder, x: string, { heads, headDim }: Heads): string {
  const parts = partsOf(headDim)
  const width = paddedHeadDim(headDim)
  if (width === headDim) return x
  const split = graph.call({ operator: 'Reshape', inputs: [x, graph.integers(1, -1, parts * heads, width / parts)] })
  const bounds = [graph.integers(0), graph.integers(headDim / parts), graph.integers(3)]
  const cropped = graph.call({ operator: 'Slice', inputs: [split, ...bounds] })
  return graph.call({ operator: 'Reshape', inputs: [cropped, graph.integers(1, -1, heads * headDim)] })
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
  return [
    padHeads(graph, each(query, heads, layer.queryNorm), { heads, headDim }),
    padHeads(graph, each(key, kvHeads, layer.keyNorm), { heads: kvHeads, headDim }),
    padHeads(graph, value, { heads: kvHeads, headDim }),
  ]
}
