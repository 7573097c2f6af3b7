import type { ModelConfig } from '../../../models/model-config.ts'
import type { Graph } from '../model-proto/onnx-proto.ts'
import type { PlacedHead, PlacedLayer } from '../weights/placed-matrix.ts'
import { affine, Rows } from './affine.ts'
import { attention, paddedHeadDim } from './attention.ts'
import { feedForward } from './feed-forward.ts'
import { GraphBuilder } from './graph-builder.ts'
import { addAndNormalise, normalise } from './norms.ts'
import { names } from './value-names.ts'

export interface DecoderGraphParts {
  readonly config: ModelConfig
  readonly layers: readonly PlacedLayer[]
  /** At the tail. */
  readonly head: PlacedHead | undefined
}

/**
 * Layers of a decoder as one graph, over key and value buffers that the caller owns and that are updated in place.
 *
 * Inputs: `x` `[1, rows, hidden]`; `seqlens_k` `[1]`, the last position; `total`, one more; past keys and values
 * `[1, kvHeads, capacity, headDim]`; cosines and sines `[capacity, headDim / 2]` where positions are rotary; at the tail
 * `judged` `[n]`, the rows whose logits are wanted. Outputs: `stop`; present keys and values; `hidden` `[1, rows, hidden]`, or
 * at the tail `logits` `[1, n, vocab]`.
 */
export function decoderGraph({ config, layers, head }: DecoderGraphParts): Graph {
  const graph = new GraphBuilder()
  const { hiddenSize, vocabSize, norm } = config
  const x = graph.input({ name: names.x, type: 'float32', shape: [1, 'rows', hiddenSize] })
  graph.input({ name: names.lastPosition, type: 'int32', shape: [1] })
  const total = graph.input({ name: names.total, type: 'int32', shape: [] })
  const rotary = config.positions.kind === 'rotary'
  if (rotary) {
    for (const name of [names.cosines, names.sines])
      graph.input({ name, type: 'float32', shape: ['capacity', paddedHeadDim(config.headDim) / 2] })
  }
  graph.output({ name: names.stop, type: 'int32', shape: [], sequence: true })
  graph.call({ operator: 'SequenceConstruct', inputs: [total], outputs: [names.stop] })

  // Every norm follows an addition, so that a shard boundary changes no kernel and thereby no bit: here of zeros.
  let residual = x
  let delta = graph.call({ operator: 'Sub', inputs: [x, x] })
  for (const [index, layer] of layers.entries()) {
    const before = addAndNormalise(graph, {
      delta,
      residual,
      weights: layer.attentionNorm,
      norm,
      name: `${index}.attn`,
    })
    const attended = attention(graph, { config, layer, index, rows: new Rows(graph, before.normed) })
    const output = affine(graph, new Rows(graph, attended), layer.output)
    const between = addAndNormalise(graph, {
      delta: output,
      residual: before.residual,
      weights: layer.ffnNorm,
      norm,
      name: `${index}.ffn`,
    })
    delta = feedForward(graph, { config, layer, rows: new Rows(graph, between.normed) })
    residual = between.residual
  }
  if (head === undefined) {
    graph.call({ operator: 'Add', inputs: [delta, residual], outputs: [names.hidden] })
    graph.output({ name: names.hidden, type: 'float32', shape: [1, 'rows', hiddenSize] })
    return graph.build()
  }
  const hidden = graph.call({ operator: 'Add', inputs: [delta, residual] })
  const judged = graph.call({
    operator: 'Gather',
    inputs: [hidden, graph.input({ name: names.judged, type: 'int64', shape: ['judged'] })],
    attributes: { axis: { int: 1 } },
  })
  const normed = normalise(graph, { x: judged, weights: head.norm, norm, name: 'final' })
  const logits = affine(graph, new Rows(graph, normed), head.logits)
  graph.call({ operator: 'Identity', inputs: [logits], outputs: [names.logits] })
  graph.output({ name: names.logits, type: 'float32', shape: [1, 'judged', vocabSize] })
  return graph.build()
}
