import type { DecoderSizes } from '../model-facts.ts'
import type { TensorLayout, TensorRule } from '../tensor-rule.ts'
import type { Architecture } from './architecture.ts'

const asStored: TensorLayout = { kind: 'as-stored' }
const transposed: TensorLayout = { kind: 'transposed' }

/** GPT-2, with the tensor names of the hub's `gpt2`: no `transformer.` before them. */
export const gpt2: Architecture = {
  name: 'gpt2',
  positions: 'learned',
  normEpsilonKey: 'attention.layer_norm_epsilon',
  tensors: (sizes) => [
    { stored: 'token_embd.weight', name: 'wte.weight', shape: [sizes.vocabSize, sizes.hiddenSize], layout: asStored },
    {
      stored: 'position_embd.weight',
      name: 'wpe.weight',
      shape: [sizes.maxLength, sizes.hiddenSize],
      layout: asStored,
    },
    ...Array.from({ length: sizes.layers }, (_, index) => layerTensors(sizes, index)).flat(),
    ...withBias('output_norm', 'ln_f', [sizes.hiddenSize], asStored),
    {
      stored: 'output.weight',
      name: 'lm_head.weight',
      shape: [sizes.vocabSize, sizes.hiddenSize],
      layout: asStored,
      part: 'head',
    },
  ],
  config: (facts) => ({
    architectures: ['GPT2LMHeadModel'],
    model_type: 'gpt2',
    vocab_size: facts.vocabSize,
    n_embd: facts.hiddenSize,
    n_layer: facts.layers,
    n_head: facts.heads,
    n_inner: facts.ffnSize,
    n_positions: facts.maxLength,
    n_ctx: facts.maxLength,
    activation_function: 'gelu_new',
    layer_norm_epsilon: facts.normEpsilon,
    tie_word_embeddings: facts.tiedHead,
    ...(facts.bos === undefined ? {} : { bos_token_id: facts.bos }),
    ...(facts.eos.length === 0 ? {} : { eos_token_id: facts.eos }),
  }),
}

function layerTensors({ hiddenSize, ffnSize }: DecoderSizes, index: number): TensorRule[] {
  const pair = (stored: string, name: string, shape: readonly number[], layout: TensorLayout): TensorRule[] =>
    withBias(`blk.${index}.${stored}`, `h.${index}.${name}`, shape, layout)
  return [
    ...pair('attn_norm', 'ln_1', [hiddenSize], asStored),
    ...pair('attn_qkv', 'attn.c_attn', [hiddenSize, 3 * hiddenSize], transposed),
    ...pair('attn_output', 'attn.c_proj', [hiddenSize, hiddenSize], transposed),
    ...pair('ffn_norm', 'ln_2', [hiddenSize], asStored),
    ...pair('ffn_up', 'mlp.c_fc', [hiddenSize, ffnSize], transposed),
    ...pair('ffn_down', 'mlp.c_proj', [ffnSize, hiddenSize], transposed),
  ]
}

/** The bias has one value for each column of the weight. */
const withBias = (stored: string, name: string, shape: readonly number[], layout: TensorLayout): TensorRule[] => [
  { stored: `${stored}.weight`, name: `${name}.weight`, shape, layout },
  { stored: `${stored}.bias`, name: `${name}.bias`, shape: shape.slice(-1), layout: asStored },
]
