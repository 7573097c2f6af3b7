import { DsdError } from '@dsd-lab/core'
import { type ModelSource, openModel } from '../models/model-source.ts'
import type { LayerRange } from './decoder/decoder-weights.ts'
import { loadOnnxShard } from './onnx/load-onnx-shard.ts'
import type { OnConvert } from './onnx/weights/place-weights.ts'
import type { Precision } from './precision.ts'
import { BRIEF, probeRowInvariance, THOROUGH } from './row-invariance.ts'
import { selectEngine } from './select-engine.ts'
import type { EngineInfo, EngineName, ShardEngine } from './shard-engine.ts'
import { loadTfjsShard } from './tfjs/load-tfjs-shard.ts'

export interface ModelRequest {
  /** As `openModel` takes it, or already open. */
  readonly model: string | ModelSource
  /** Default: what `selectEngine` chooses for the model. */
  readonly engine?: EngineName | 'auto' | undefined
  /** Default: `as-stored` for a GGUF file on `onnx`, else `f32`, which is all that the tfjs engines have. */
  readonly precision?: Precision | undefined
  /** Hears of the conversion of weights that `onnx` needs the first time. */
  readonly onConvert?: OnConvert | undefined
}

export interface ShardRequest extends ModelRequest {
  /** Layers `[from, to)`; the shard with layer 0 embeds, the one with the last layer holds the LM head. */
  readonly layers: LayerRange
}

/**
 * Loads the layers of one shard, reading only its own tensors, and probes whether row bits depend on the window.
 *
 * @throws DsdError when the layers are not in the model, the weights do not fit it, or the engine cannot start
 */
export async function loadShard({ layers, precision, onConvert, ...request }: ShardRequest): Promise<ShardEngine> {
  const model = await opened(request.model)
  const { from, to } = layers
  if (!(Number.isInteger(from) && Number.isInteger(to) && 0 <= from && from < to && to <= model.config.layers)) {
    throw new DsdError(`layers [${from}, ${to}) are not in a model of ${model.config.layers} layers`, {
      kind: 'bad-input',
      where: model.ref,
    })
  }
  const { name } = selectEngine({ model, prefer: request.engine, precision })
  const range = { from, to }
  const { shard, ...loaded } =
    name === 'onnx'
      ? await loadOnnxShard({ model, range, precision: precision ?? defaultPrecision(model), onConvert })
      : await loadTfjsShard({ model, range, engine: name, precision })
  const rowInvariance = await probeRowInvariance(shard, name === 'onnx' ? BRIEF : THOROUGH).catch(async (error) => {
    await shard[Symbol.asyncDispose]()
    throw error
  })
  return Object.assign(shard, { engine: { name, ...loaded, rowInvariance } satisfies EngineInfo })
}

/** Loads all layers of a model as one shard. */
export async function loadModel(request: ModelRequest): Promise<ShardEngine> {
  const model = await opened(request.model)
  return loadShard({ ...request, model, layers: { from: 0, to: model.config.layers } })
}

const opened = async (model: string | ModelSource): Promise<ModelSource> =>
  typeof model === 'string' ? openModel(model) : model

const defaultPrecision = ({ format }: ModelSource): Precision => (format === 'gguf' ? 'as-stored' : 'f32')
