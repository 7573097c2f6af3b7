import type { DecoderSizes, ModelFacts, RopeFacts } from '../model-facts.ts'
import type { OptionalPart, TensorLayout, TensorRule } from '../tensor-rule.ts'

export const asStored: TensorLayout = { kind: 'as-stored' }

export const RMS_EPSILON_KEY = 'attention.layer_norm_rms_epsilon'

/** Where the rotary families differ. */
interface RotaryTraits {
  /** Order of the rows of query and key. */
  readonly queryKey: TensorLayout
  /** `qkv`: always on query, key and value; `optional`: a model has them on all matrices of the block or on none. */
  readonly biases: 'qkv' | 'optional'
}

/** The tensors that Llama, Qwen2 and Qwen3 share: RMS norms, grouped queries, gated feed-forward, biases. */
export function rotaryDecoderTensors(sizes: DecoderSizes, traits: RotaryTraits): TensorRule[] {
  const { vocabSize, hiddenSize, layers } = sizes
  const embedding = [vocabSize, hiddenSize]
  return [
    { stored: 'token_embd.weight', name: 'model.embed_tokens.weight', shape: embedding, layout: asStored },
    ...Array.from({ length: layers }, (_, index) => layerTensors(sizes, index, traits)).flat(),
    { stored: 'output_norm.weight', name: 'model.norm.weight', shape: [hiddenSize], layout: asStored },
    { stored: 'output.weight', name: 'lm_head.weight', shape: embedding, layout: asStored, part: 'head' },
  ]
}

function layerTensors(sizes: DecoderSizes, index: number, { queryKey, biases }: RotaryTraits): TensorRule[] {
  const { hiddenSize, ffnSize, headDim } = sizes
  const queries = sizes.heads * headDim
  const keys = sizes.kvHeads * headDim
  const rule = (stored: string, name: string, shape: readonly number[], layout = asStored): TensorRule => ({
    stored: `blk.${index}.${stored}`,
    name: `model.layers.${index}.${name}`,
    shape,
    layout,
  })
  const queryKeyValueBiases = [
    rule('attn_q.bias', 'self_attn.q_proj.bias', [queries], queryKey),
    rule('attn_k.bias', 'self_attn.k_proj.bias', [keys], queryKey),
    rule('attn_v.bias', 'self_attn.v_proj.bias', [keys]),
  ]
  return [
    rule('attn_norm.weight', 'input_layernorm.weight', [hiddenSize]),
    rule('attn_q.weight', 'self_attn.q_proj.weight', [queries, hiddenSize], queryKey),
    rule('attn_k.weight', 'self_attn.k_proj.weight', [keys, hiddenSize], queryKey),
    rule('attn_v.weight', 'self_attn.v_proj.weight', [keys, hiddenSize]),
    rule('attn_output.weight', 'self_attn.o_proj.weight', [hiddenSize, queries]),
    rule('ffn_norm.weight', 'post_attention_layernorm.weight', [hiddenSize]),
    rule('ffn_gate.weight', 'mlp.gate_proj.weight', [ffnSize, hiddenSize]),
    rule('ffn_up.weight', 'mlp.up_proj.weight', [ffnSize, hiddenSize]),
    rule('ffn_down.weight', 'mlp.down_proj.weight', [hiddenSize, ffnSize]),
    ...(biases === 'qkv'
      ? queryKeyValueBiases
      : [
          ...optional('attention bias', [
            ...queryKeyValueBiases,
            rule('attn_output.bias', 'self_attn.o_proj.bias', [hiddenSize]),
          ]),
          ...optional('feed-forward bias', [
            rule('ffn_gate.bias', 'mlp.gate_proj.bias', [ffnSize]),
            rule('ffn_up.bias', 'mlp.up_proj.bias', [ffnSize]),
            rule('ffn_down.bias', 'mlp.down_proj.bias', [hiddenSize]),
          ]),
        ]),
  ]
}

const optional = (part: OptionalPart, rules: readonly TensorRule[]): TensorRule[] =>
  rules.map((rule) => ({ ...rule, part }))

/** The fields of `config.json` that the rotary families share. */
export function rotaryDecoderConfig(facts: ModelFacts) {
  return {
    vocab_size: facts.vocabSize,
    hidden_size: facts.hiddenSize,
    intermediate_size: facts.ffnSize,
    num_hidden_layers: facts.layers,
    num_attention_heads: facts.heads,
    num_key_value_heads: facts.kvHeads,
    head_dim: facts.headDim,
    hidden_act: 'silu',
    max_position_embeddings: facts.maxLength,
    rms_norm_eps: facts.normEpsilon,
    tie_word_embeddings: facts.tiedHead,
    ...(facts.rope === undefined ? {} : { rope_theta: facts.rope.theta, rope_scaling: ropeScaling(facts.rope) }),
    ...(facts.bos === undefined ? {} : { bos_token_id: facts.bos }),
    ...(facts.eos.length === 0 ? {} : { eos_token_id: facts.eos }),
  }
}

/** `rope_type: 'factors'` is ours: Hugging Face has no name for factors that no parameters of `llama3` give. */
function ropeScaling(rope: RopeFacts) {
  switch (rope.kind) {
    case 'default':
      return null
    case 'linear':
      return { rope_type: 'linear', factor: rope.factor }
    case 'llama3':
      return {
        rope_type: 'llama3',
        factor: rope.factor,
        low_freq_factor: rope.lowFreqFactor,
        high_freq_factor: rope.highFreqFactor,
        original_max_position_embeddings: rope.originalMaxLength,
      }
    case 'factors':
      return { rope_type: 'factors', factors: rope.factors }
  }
}
