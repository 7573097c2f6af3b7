import { z } from 'zod'
import type { Architecture } from './architecture.ts'
import type { DecoderTensors } from './model-config.ts'
import { ropeScalingSchema } from './rope.ts'

const size = z.number().int().positive()
const tokenIds = z.union([z.number().int(), z.array(z.number().int())]).nullish()

const schema = z
  .object({
    vocab_size: size,
    hidden_size: size,
    num_hidden_layers: size,
    num_attention_heads: size,
    num_key_value_heads: size.nullish(),
    head_dim: size.nullish(),
    intermediate_size: size,
    max_position_embeddings: size,
    rms_norm_eps: z.number().positive(),
    hidden_act: z.literal('silu', 'only silu is supported').default('silu'),
    attention_bias: z.literal(false, 'attention biases are not supported').nullish(),
    mlp_bias: z.literal(false, 'feed-forward biases are not supported').nullish(),
    rope_theta: z.number().positive().nullish(),
    rope_scaling: ropeScalingSchema.nullish(),
    rope_parameters: ropeScalingSchema.nullish(),
    tie_word_embeddings: z.boolean().default(false),
    bos_token_id: tokenIds,
    eos_token_id: tokenIds,
  })
  .refine((raw) => raw.num_attention_heads % (raw.num_key_value_heads ?? raw.num_attention_heads) === 0, {
    path: ['num_key_value_heads'],
    message: 'must divide num_attention_heads',
  })
  .refine((raw) => headDim(raw) % 2 === 0, { path: ['head_dim'], message: 'must be an even whole number' })

/** Llama 2 and 3, SmolLM2 and all that share their form: pre-norm RMS, rotary positions, grouped queries, SwiGLU, no biases. */
export const llama: Architecture = {
  modelType: 'llama',

  parse(config) {
    const raw = schema.parse(config)
    const rope = raw.rope_parameters ?? raw.rope_scaling
    return {
      architecture: llama.modelType,
      vocabSize: raw.vocab_size,
      hiddenSize: raw.hidden_size,
      layers: raw.num_hidden_layers,
      heads: raw.num_attention_heads,
      kvHeads: raw.num_key_value_heads ?? raw.num_attention_heads,
      headDim: headDim(raw),
      ffnSize: raw.intermediate_size,
      maxLength: raw.max_position_embeddings,
      normEpsilon: raw.rms_norm_eps,
      rope: { theta: rope?.theta ?? raw.rope_theta ?? 10_000, ...(rope?.scaling ?? { kind: 'default' }) },
      tensors: llamaTensors(raw.tie_word_embeddings),
      bos: [raw.bos_token_id ?? []].flat()[0],
      eos: [raw.eos_token_id ?? []].flat(),
    }
  },
}

const headDim = (raw: {
  head_dim?: number | null | undefined
  hidden_size: number
  num_attention_heads: number
}): number => raw.head_dim ?? raw.hidden_size / raw.num_attention_heads

const llamaTensors = (tied: boolean): DecoderTensors => ({
  embedding: 'model.embed_tokens.weight',
  finalNorm: 'model.norm.weight',
  head: tied ? 'model.embed_tokens.weight' : 'lm_head.weight',
  layer: (index) => {
    const at = `model.layers.${index}`
    return {
      attentionNorm: `${at}.input_layernorm.weight`,
      query: `${at}.self_attn.q_proj.weight`,
      key: `${at}.self_attn.k_proj.weight`,
      value: `${at}.self_attn.v_proj.weight`,
      output: `${at}.self_attn.o_proj.weight`,
      ffnNorm: `${at}.post_attention_layernorm.weight`,
      gate: `${at}.mlp.gate_proj.weight`,
      up: `${at}.mlp.up_proj.weight`,
      down: `${at}.mlp.down_proj.weight`,
    }
  },
})
