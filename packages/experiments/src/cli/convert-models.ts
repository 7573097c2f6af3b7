import type { EngineName, ModelSource, Precision } from '@dsd-lab/node-runtime'
import { bytesDisplay } from './bytes-display.ts'

export interface ConvertRequest {
  readonly models: readonly ModelSource[]
  readonly engine: EngineName | undefined
  readonly precision?: Precision | undefined
  readonly signal: AbortSignal
  readonly stream: NodeJS.WriteStream
}

/**
 * Converts weights that the engine needs in another form, once for all processes that will load them, and shows how far it is.
 *
 * @throws the signal's reason; finished layers are kept
 */
export async function convertModels({ models, engine, precision, signal, stream }: ConvertRequest): Promise<void> {
  const { convertWeights, sizeText } = await import('@dsd-lab/node-runtime')
  for (const model of models) {
    using display = bytesDisplay(stream, sizeText)
    await convertWeights({
      model,
      engine,
      precision,
      signal,
      onConvert: ({ doneSections, sections, doneBytes, totalBytes }) => {
        const part = `part ${Math.min(doneSections + 1, sections)} of ${sections}`
        display.update({ stage: 'converting', what: `${model.ref}, ${part}`, doneBytes, totalBytes })
      },
    })
  }
}
