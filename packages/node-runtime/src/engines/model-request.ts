import { type ModelSource, openModel } from '../models/model-source.ts'
import type { OnConvert } from './onnx/weights/conversion-progress.ts'
import type { Precision } from './precision.ts'
import type { EngineName } from './shard-engine.ts'

export interface ModelRequest {
  /** As `openModel` takes it, or already open. */
  readonly model: string | ModelSource
  /** Default: what `selectEngine` chooses for the model. */
  readonly engine?: EngineName | 'auto' | undefined
  /** Default: `as-stored` for a GGUF file on `onnx`, else `f32`, which is all that the tfjs engines have. */
  readonly precision?: Precision | undefined
  /** Compute behind all other work of this machine: engine `onnx`, on Linux. For what drafts ahead beside shards on the same cores. Default false. */
  readonly background?: boolean | undefined
  /** Hears of the conversion of weights that `onnx` needs the first time. */
  readonly onConvert?: OnConvert | undefined
  /** Ends a conversion. */
  readonly signal?: AbortSignal | undefined
}

export const openedModel = async (model: string | ModelSource): Promise<ModelSource> =>
  typeof model === 'string' ? openModel(model) : model

export const defaultPrecision = ({ format }: ModelSource): Precision => (format === 'gguf' ? 'as-stored' : 'f32')
