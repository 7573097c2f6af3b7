import { z } from 'zod'
import { activation, size, textEnds, textFields } from './config-fields.ts'
import { fieldError } from './field-error.ts'
import type { DecoderTensors, MatrixTensor, ModelConfig } from './model-config.ts'
import { type Rope, ropeFields, ropeOf } from './rope.ts'

/** The fields of config.json that Llama, Mistral, Qwen2 and Qwen3 share. */
export const rotaryFields = {
  ...textFields,
  ...ropeFields,
  vocab_size: size,
  hidden_size: size,
  num_hidden_layers: size,
  num_attention_heads: size,
  num_key_value_heads: size.nullish(),
  head_dim: size.nullish(),
  intermediate_size: size,
  max_position_embeddings: size.optional(),
  rms_norm_eps: z.number().positive().default(1e-6),
  hidden_act: activation(['silu', 'swish']).default('silu'),
  tie_word_embeddings: z.boolean().default(false),
}

type RotaryFields = z.output<z.ZodObject<typeof rotaryFields>>

/** Where the families differ. */
export interface RotaryTraits {
  readonly architecture: string
  /** What transformers takes for fields that config.json lacks. */
  readonly defaults: {
    readonly maxLength: number
    /** Default: as many as query heads. */
    readonly kvHeads?: number
    /** Default: hidden size over query heads. */
    readonly headDim?: number
  }
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

/**
 * A pre-norm decoder: RMS norms, rotary positions, grouped queries, SwiGLU.
 *
 * @throws z.ZodError naming the field that does not fit the others
 */
export function rotaryDecoder(raw: RotaryFields, traits: RotaryTraits): ModelConfig {
  const maxLength = maxLengthOf(raw, traits)
  const heads = headsOf(raw, traits)
  const rope: Rope = ropeOf({ ...raw, maxLength })
  return {
    architecture: traits.architecture,
    vocabSize: raw.vocab_size,
    hiddenSize: raw.hidden_size,
    layers: raw.num_hidden_layers,
    ...heads,
    ffnSize: raw.intermediate_size,
    maxLength,
    norm: { kind: 'rms', epsilon: raw.rms_norm_eps },
    positions: { kind: 'rotary', rope },
    feedForward: { kind: 'gated', activation: 'silu' },
    tensors: rotaryTensors({ raw, heads, traits }),
    ...textEnds(raw),
  }
}

export const maxLengthOf = (raw: RotaryFields, { defaults }: Pick<RotaryTraits, 'defaults'>): number =>
  raw.max_position_embeddings ?? defaults.maxLength

interface Heads {
  readonly heads: number
  readonly kvHeads: number
  readonly headDim: number
}

function headsOf(raw: RotaryFields, { defaults }: RotaryTraits): Heads {
  const heads = raw.num_attention_heads
  const fits = (kvHeads: number | undefined): boolean => kvHeads !== undefined && heads % kvHeads === 0
  const assumed = raw.num_key_value_heads === undefined && fits(defaults.kvHeads) ? defaults.kvHeads : undefined
  const kvHeads = raw.num_key_value_heads ?? assumed ?? heads
  if (!fits(kvHeads)) throw fieldError('num_key_value_heads', 'must divide num_attention_heads')
  const headDim = raw.head_dim ?? (raw.head_dim === undefined ? defaults.headDim : undefined) ?? raw.hidden_size / heads
  if (headDim % 2 !== 0) throw fieldError('head_dim', 'must be an even whole number')
  return { heads, kvHeads, headDim }
}

interface TensorsRequest {
  readonly raw: RotaryFields
  readonly heads: Heads
  readonly traits: RotaryTraits
}

function rotaryTensors({ raw, heads, traits: { biases = {}, headNorms = false } }: TensorsRequest): DecoderTensors {
  const queries = heads.heads * heads.headDim
  const keys = heads.kvHeads * heads.headDim
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
