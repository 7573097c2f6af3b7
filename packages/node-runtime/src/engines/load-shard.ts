import { DsdError } from '@dsd-lab/core'
import type { LayerRange } from './decoder/decoder-weights.ts'
import { defaultPrecision, type ModelRequest, openedModel } from './model-request.ts'
import { loadOnnxShard } from './onnx/load-onnx-shard.ts'
import { BRIEF, probeRowInvariance, THOROUGH } from './row-invariance.ts'
import { selectEngine } from './select-engine.ts'
import type { EngineInfo, ShardEngine } from './shard-engine.ts'
import { loadTfjsShard } from './tfjs/load-tfjs-shard.ts'

export interface ShardRequest extends ModelRequest {
  /** Layers `[from, to)`; the shard with layer 0 embeds, the one with the last layer holds the LM head. */
  readonly layers: LayerRange
}

/**
 * Loads the layers of one shard, reading only its own tensors, and probes whether row bits depend on the window.
 *
 * @throws DsdError when the layers are not in the model, the weights do not fit it, or the engine cannot start
 */
export async function loadShard({
  layers,
  precision,
  background,
  onConvert,
  signal,
  ...request
}: ShardRequest): Promise<ShardEngine> {
  const model = await openedModel(request.model)
  const { from, to } = layers
  if (!(Number.isInteger(from) && Number.isInteger(to) && 0 <= from && from < to && to <= model.config.layers)) {
    throw new DsdError(`layers [${from}, ${to}) are not in a model of ${model.config.layers} layers`, {
      kind: 'bad-input',
      where: model.ref,
      fix: `give a range from:to with 0 <= from < to <= ${model.config.layers}`,
    })
  }
  const { name } = selectEngine({ model, prefer: request.engine, precision })
  const range = { from, to }
  const { shard, ...loaded } =
    name === 'onnx'
      ? await loadOnnxShard({
          model,
          range,
          precision: precision ?? defaultPrecision(model),
          background,
          onConvert,
          signal,
        })
      : await loadTfjsShard({ model, range, engine: name, precision })
  const rowInvariance = await probeRowInvariance(shard, name === 'onnx' ? BRIEF : THOROUGH).catch(async (error) => {
    await shard[Symbol.asyncDispose]()
    throw error
  })
  return Object.assign(shard, { engine: { name, ...loaded, rowInvariance } satisfies EngineInfo })
}

/** Loads all layers of a model as one shard. */
export async function loadModel(request: ModelRequest): Promise<ShardEngine> {
  const model = await openedModel(request.model)
  return loadShard({ ...request, model, layers: { from: 0, to: model.config.layers } })
}
