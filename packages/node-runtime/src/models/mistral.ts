import { z } from 'zod'
import type { Architecture } from './architecture.ts'
import { size } from './config-fields.ts'
import { maxLengthOf, rotaryDecoder, rotaryFields } from './rotary-decoder.ts'
import { windowOf } from './sliding-window.ts'

const schema = z.object({ ...rotaryFields, sliding_window: size.nullable().default(4096) })

const defaults = { maxLength: 131_072, kvHeads: 8 }

/** Mistral: Llama without biases, in some versions with attention over a sliding window. */
export const mistral: Architecture = {
  modelType: 'mistral',

  parse(config) {
    const raw = schema.parse(config)
    return {
      ...rotaryDecoder(raw, { architecture: mistral.modelType, defaults }),
      ...windowOf(raw.sliding_window, maxLengthOf(raw, { defaults })),
    }
  },
}
