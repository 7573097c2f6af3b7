import { z } from 'zod'
import type { Architecture } from './architecture.ts'
import { maxLengthOf, rotaryDecoder, rotaryFields } from './rotary-decoder.ts'
import { qwenWindow, qwenWindowFields } from './sliding-window.ts'

const schema = z.object({ ...rotaryFields, ...qwenWindowFields })

const defaults = { maxLength: 32_768, kvHeads: 32 }

/** Qwen2 and 2.5: Llama with biases on query, key and value. */
export const qwen2: Architecture = {
  modelType: 'qwen2',

  parse(config) {
    const raw = schema.parse(config)
    return {
      ...rotaryDecoder(raw, { architecture: qwen2.modelType, defaults, biases: { queryKeyValue: true } }),
      ...qwenWindow(raw, maxLengthOf(raw, { defaults })),
    }
  },
}
