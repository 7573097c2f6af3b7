import { DsdError } from '@dsd-lab/core'
import type { ModelSource } from '../../models/model-source.ts'
import { DecoderShard } from '../decoder/decoder-shard.ts'
import { type LayerRange, loadDecoderWeights } from '../decoder/decoder-weights.ts'
import type { LoadedShard } from '../loaded-shard.ts'
import type { Precision } from '../precision.ts'
import { startBackend, type TfjsName } from './start-backend.ts'
import { tfjsProducts } from './tfjs-products.ts'

export interface TfjsShardRequest {
  readonly model: ModelSource
  readonly range: LayerRange
  readonly engine: TfjsName
  readonly precision: Precision | undefined
}

/** @throws DsdError when the engine cannot start, the weights do not fit the model, or anything but `f32` is asked for */
export async function loadTfjsShard({
  model,
  range,
  engine,
  precision = 'f32',
}: TfjsShardRequest): Promise<LoadedShard> {
  if (precision !== 'f32') {
    throw new DsdError(`engine ${engine} computes in f32, not ${precision}`, {
      kind: 'bad-input',
      where: 'precision',
      fix: 'leave it out, or use engine onnx',
    })
  }
  const { config } = model
  const backend = await startBackend(engine)
  const products = tfjsProducts(backend)
  await using stored = await model.openWeights()
  const weights = await loadDecoderWeights({ config, weights: stored, range, products })
  const { versions, threads, device } = backend
  return { shard: new DecoderShard({ config, weights, products, range }), versions, threads, device, precision }
}
