import { z } from 'zod'
import type { Architecture } from './architecture.ts'
import { maxLengthOf, rotaryDecoder, rotaryFields } from './rotary-decoder.ts'
import { qwenWindow, qwenWindowFields } from './sliding-window.ts'

const schema = z.object({ ...rotaryFields, ...qwenWindowFields, attention_bias: z.boolean().nullish() })

const defaults = { maxLength: 32_768, kvHeads: 32, headDim: 128 }

/** Qwen3: Llama with a norm on every query and key head; heads may be wider than the hidden size shares out. */
export const qwen3: Architecture = {
  modelType: 'qwen3',

  parse(config) {
    const raw = schema.parse(config)
    const hasBias = raw.attention_bias ?? false
    return {
      ...rotaryDecoder(raw, {
        architecture: qwen3.modelType,
        defaults,
        biases: { queryKeyValue: hasBias, output: hasBias },
        headNorms: true,
      }),
      ...qwenWindow(raw, maxLengthOf(raw, { defaults })),
    }
  },
}
