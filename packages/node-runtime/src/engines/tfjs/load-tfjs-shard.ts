import { DsdError } from '@dsd-lab/core'
import type { ModelSource } from '../../models/model-source.ts'
import { DecoderShard } from '../decoder/decoder-shard.ts'
import { type LayerRange, loadDecoderWeights } from '../decoder/decoder-weights.ts'
import type { LoadedShard } from '../loaded-shard.ts'
import type { Precision } from '../precision.ts'
import { startBackend, type TfjsName } from './start-backend.ts'
import { tfjsProducts } from './tfjs-products.ts'
import { takeRoom } from './weight-room.ts'

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
  const giveBack = takeRoom({ model, range, backend })
  await using stored = await model.openWeights()
  const weights = await loadDecoderWeights({ config, weights: stored, range, products }).catch((error: unknown) => {
    giveBack()
    throw error instanceof WebAssembly.RuntimeError ? outOfHeap(model, error) : error
  })
  const { versions, threads, device } = backend
  const dispose = (): void => {
    weights.dispose()
    giveBack()
  }
  const shard = new DecoderShard({ config, weights: { ...weights, dispose }, products, range })
  return { shard, versions, threads, device, precision }
}

/** A heap in pieces can be full before its size says so. */
const outOfHeap = ({ ref }: ModelSource, cause: unknown): DsdError =>
  new DsdError('WebAssembly ran out of memory while the weights were placed', {
    kind: 'environment',
    where: ref,
    fix: 'cut the model over more processes, or use engine onnx',
    cause,
  })
