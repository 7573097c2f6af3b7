import { z } from 'zod'
import type { Architecture } from './architecture.ts'
import { rotaryDecoder, rotaryFields } from './rotary-decoder.ts'

const schema = z
  .object({ ...rotaryFields, attention_bias: z.boolean().nullish(), mlp_bias: z.boolean().nullish() })
  .refine((raw) => raw.num_attention_heads % (raw.num_key_value_heads ?? raw.num_attention_heads) === 0, {
    path: ['num_key_value_heads'],
    message: 'must divide num_attention_heads',
  })
  .refine((raw) => headDim(raw) % 2 === 0, { path: ['head_dim'], message: 'must be an even whole number' })

/** Llama 2 and 3, SmolLM2 and all that share their form. */
export const llama: Architecture = {
  modelType: 'llama',

  parse(config) {
    const raw = schema.parse(config)
    return rotaryDecoder(raw, {
      architecture: llama.modelType,
      headDim: headDim(raw),
      biases: {
        queryKeyValue: raw.attention_bias ?? false,
        output: raw.attention_bias ?? false,
        feedForward: raw.mlp_bias ?? false,
      },
    })
  },
}

const headDim = (raw: {
  head_dim?: number | null | undefined
  hidden_size: number
  num_attention_heads: number
}): number => raw.head_dim ?? raw.hidden_size / raw.num_attention_heads
