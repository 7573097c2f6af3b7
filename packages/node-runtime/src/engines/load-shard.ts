import { DsdError } from '@dsd-lab/core'
import { type ModelSource, openModel } from '../models/model-source.ts'
import { DecoderShard } from './decoder/decoder-shard.ts'
import { type LayerRange, loadDecoderWeights } from './decoder/decoder-weights.ts'
import { probeRowInvariance } from './row-invariance.ts'
import { selectEngine } from './select-engine.ts'
import type { EngineInfo, EngineName, ShardEngine } from './shard-engine.ts'
import { startBackend } from './tfjs/start-backend.ts'
import { tfjsProducts } from './tfjs/tfjs-products.ts'

export interface ModelRequest {
  /** As `openModel` takes it, or already open. */
  readonly model: string | ModelSource
  /** Default: what `selectEngine` chooses for the model. */
  readonly engine?: EngineName | 'auto' | undefined
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
export async function loadShard({ layers, ...request }: ShardRequest): Promise<ShardEngine> {
  const model = await opened(request.model)
  const { config } = model
  const { from, to } = layers
  if (!(Number.isInteger(from) && Number.isInteger(to) && 0 <= from && from < to && to <= config.layers)) {
    throw new DsdError(`layers [${from}, ${to}) are not in a model of ${config.layers} layers`, {
      kind: 'bad-input',
      where: model.ref,
    })
  }
  const choice = selectEngine({ model, prefer: request.engine })
  const backend = await startBackend(choice.name)
  const products = tfjsProducts(backend)
  const range = { from, to }
  await using stored = await model.openWeights()
  const weights = await loadDecoderWeights({ config, weights: stored, range, products })
  const shard = new DecoderShard({ config, weights, products, range })
  const info: EngineInfo = {
    name: backend.name,
    versions: backend.versions,
    threads: backend.threads,
    device: backend.device,
    rowInvariance: await probeRowInvariance(shard),
  }
  return Object.assign(shard, { engine: info })
}

/** Loads all layers of a model as one shard. */
export async function loadModel({ engine, ...request }: ModelRequest): Promise<ShardEngine> {
  const model = await opened(request.model)
  return loadShard({ model, engine, layers: { from: 0, to: model.config.layers } })
}

const opened = async (model: string | ModelSource): Promise<ModelSource> =>
  typeof model === 'string' ? openModel(model) : model
