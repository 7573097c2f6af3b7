import { z } from 'zod'
import type { DecoderTensors, MatrixTensor, ModelConfig } from './model-config.ts'
import { ropeScalingSchema } from './rope.ts'

const size = z.number().int().positive()

/** One id, several or none. */
export const tokenIds = z.union([z.number().int(), z.array(z.number().int())]).nullish()

/** The fields of config.json that Llama, Mistral, Qwen2 and Qwen3 share. */
export const rotaryFields = {
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
  rope_theta: z.number().positive().nullish(),
  rope_scaling: ropeScalingSchema.nullish(),
  rope_parameters: ropeScalingSchema.nullish(),
  tie_word_embeddings: z.boolean().default(false),
  bos_token_id: tokenIds,
  eos_token_id: tokenIds,
}

const rotarySchema = z.object(rotaryFields)
type RotaryFields = z.output<typeof rotarySchema>

/** Where the families differ. */
export interface RotaryTraits {
  readonly architecture: string
  readonly headDim: number
  readonly biases?: RotaryBiases
  /** RMS norm of each query and key head before the rotation. */
  readonly headNorms?: boolean
}

/** The matrices that have a bias. */
export interface RotaryBiases {
  readonly queryKeyValue?: boolean
  readonly output?: boolean
  readonly feedForward?: boolean
}

/** A pre-norm decoder: RMS norms, rotary positions, grouped queries, SwiGLU. */
export function rotaryDecoder(raw: RotaryFields, traits: RotaryTraits): ModelConfig {
  const rope = raw.rope_parameters ?? raw.rope_scaling
  return {
    architecture: traits.architecture,
    vocabSize: raw.vocab_size,
    hiddenSize: raw.hidden_size,
    layers: raw.num_hidden_layers,
    heads: raw.num_attention_heads,
    kvHeads: raw.num_key_value_heads ?? raw.num_attention_heads,
    headDim: traits.headDim,
    ffnSize: raw.intermediate_size,
    maxLength: raw.max_position_embeddings,
    norm: { kind: 'rms', epsilon: raw.rms_norm_eps },
    positions: {
      kind: 'rotary',
      rope: { theta: rope?.theta ?? raw.rope_theta ?? 10_000, ...(rope?.scaling ?? { kind: 'default' }) },
    },
    feedForward: { kind: 'gated', activation: 'silu' },
    tensors: rotaryTensors(raw, traits),
    bos: [raw.bos_token_id ?? []].flat()[0],
    eos: [raw.eos_token_id ?? []].flat(),
  }
}

function rotaryTensors(raw: RotaryFields, { headDim, biases = {}, headNorms = false }: RotaryTraits): DecoderTensors {
  const queries = raw.num_attention_heads * headDim
  const keys = (raw.num_key_value_heads ?? raw.num_attention_heads) * headDim
  return {
    embedding: 'model.embed_tokens.weight',
    finalNorm: { weight: 'model.norm.weight' },
    head: raw.tie_word_embeddings ? 'model.embed_tokens.weight' : 'lm_head.weight',
    layer: (index) => {
      const at = `model.layers.${index}`
      const matrix = (name: string, outSize: number, hasBias = false): MatrixTensor => ({
        name: `${at}.${name}.weight`,
        outSize,
        ...(hasBias ? { bias: `${at}.${name}.bias` } : {}),
      })
      return {
        attentionNorm: { weight: `${at}.input_layernorm.weight` },
        queryKeyValue: [
          matrix('self_attn.q_proj', queries, biases.queryKeyValue),
          matrix('self_attn.k_proj', keys, biases.queryKeyValue),
          matrix('self_attn.v_proj', keys, biases.queryKeyValue),
        ],
        ...(headNorms ? { queryNorm: `${at}.self_attn.q_norm.weight`, keyNorm: `${at}.self_attn.k_norm.weight` } : {}),
        output: matrix('self_attn.o_proj', raw.hidden_size, biases.output),
        ffnNorm: { weight: `${at}.post_attention_layernorm.weight` },
        feedForwardIn: [
          matrix('mlp.gate_proj', raw.intermediate_size, biases.feedForward),
          matrix('mlp.up_proj', raw.intermediate_size, biases.feedForward),
        ],
        down: matrix('mlp.down_proj', raw.hidden_size, biases.feedForward),
      }
    },
  }
}
