import { defaultPrecision, type ModelRequest, openedModel } from './model-request.ts'
import { placeWeights } from './onnx/weights/place-weights.ts'
import { selectEngine } from './select-engine.ts'

/**
 * Converts the weights of a whole model where the engine that it will run on needs that and it was not done before. Every later load, by
 * whatever process and of whatever layers, finds them. Aborted or killed, it leaves finished layers, and the next call goes on there.
 *
 * @throws DsdError when the weights do not fit the model or cannot be kept; the signal's reason when aborted
 */
export async function convertWeights({ precision, onConvert, signal, ...request }: ModelRequest): Promise<void> {
  const model = await openedModel(request.model)
  if (selectEngine({ model, prefer: request.engine, precision }).name !== 'onnx') return
  await using weights = await model.openWeights()
  await placeWeights({
    model,
    weights,
    range: { from: 0, to: model.config.layers },
    precision: precision ?? defaultPrecision(model),
    onConvert,
    signal,
  })
}
