import type { ModelConfig } from '../../models/model-config.ts'
import type { ModelSource } from '../../models/model-source.ts'
import { ropeFrequencies } from '../../models/rope.ts'
import type { LayerRange } from '../decoder/decoder-weights.ts'
import type { LoadedShard } from '../loaded-shard.ts'
import type { Precision } from '../precision.ts'
import { paddedHeadDim } from './graph/attention.ts'
import { decoderGraph } from './graph/decoder-graph.ts'
import { encodeModel } from './model-proto/onnx-proto.ts'
import { findOnnxRuntime } from './onnx-package.ts'
import { OnnxShard } from './onnx-shard.ts'
import { ShardWorker } from './session/shard-worker.ts'
import { threadSettings } from './session/thread-settings.ts'
import type { OnConvert } from './weights/conversion-progress.ts'
import { placeWeights } from './weights/place-weights.ts'

export interface OnnxShardRequest {
  readonly model: ModelSource
  readonly range: LayerRange
  readonly precision: Precision
  readonly background?: boolean | undefined
  readonly onConvert?: OnConvert | undefined
  readonly signal?: AbortSignal | undefined
}

/** @throws DsdError when onnxruntime is absent, weights do not fit the model, or converted ones cannot be kept */
export async function loadOnnxShard(request: OnnxShardRequest): Promise<LoadedShard> {
  const { model, range, precision, background = false } = request
  const { config } = model
  const settings = threadSettings()
  const weights = await model.openWeights()
  try {
    const { dir, layers, head } = await placeWeights({ ...request, weights })
    const worker = await ShardWorker.start({
      graph: encodeModel(decoderGraph({ config, layers, head })),
      dir,
      ...settings,
      background,
      layers: layers.length,
      kvHeads: config.kvHeads,
      headDim: paddedHeadDim(config.headDim),
      hiddenSize: config.hiddenSize,
      vocabSize: config.vocabSize,
      tail: head !== undefined,
      frequencies: paddedFrequencies(config),
    })
    const embeds = range.from === 0
    if (!embeds) await weights[Symbol.asyncDispose]()
    return {
      shard: new OnnxShard({ config, range, weights: embeds ? weights : undefined, worker }),
      versions: { 'onnxruntime-node': findOnnxRuntime() ?? 'unknown' },
      threads: settings.threads,
      device: 'cpu',
      precision,
    }
  } catch (error) {
    await weights[Symbol.asyncDispose]()
    throw error
  }
}

/** Pairs that a head was filled up with do not turn. */
function paddedFrequencies({ positions, headDim }: ModelConfig): Float64Array | undefined {
  if (positions.kind !== 'rotary') return undefined
  const frequencies = new Float64Array(paddedHeadDim(headDim) / 2)
  frequencies.set(ropeFrequencies(positions.rope, headDim))
  return frequencies
}
