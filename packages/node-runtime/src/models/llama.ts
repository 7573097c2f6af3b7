import { z } from 'zod'
import type { Architecture } from './architecture.ts'
import { rotaryDecoder, rotaryFields } from './rotary-decoder.ts'

const schema = z.object({
  ...rotaryFields,
  attention_bias: z.boolean().nullish(),
  mlp_bias: z.boolean().nullish(),
})

/** Llama 2 and 3, SmolLM2 and all that share their form. */
export const llama: Architecture = {
  modelType: 'llama',

  parse(config) {
    const raw = schema.parse(config)
    const hasAttentionBias = raw.attention_bias ?? false
    return rotaryDecoder(raw, {
      architecture: llama.modelType,
      defaults: { maxLength: 2048 },
      biases: { queryKeyValue: hasAttentionBias, output: hasAttentionBias, feedForward: raw.mlp_bias ?? false },
    })
  },
}
