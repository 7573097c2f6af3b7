import { z } from 'zod'
import type { Architecture } from './architecture.ts'
import { activation, size, textEnds, textFields } from './config-fields.ts'
import { fieldError } from './field-error.ts'
import type { DecoderTensors, MatrixTensor, NormTensors } from './model-config.ts'

/** Names in transformers of one function: GELU with tanh in place of the error function. */
const GELU_TANH = ['gelu_new', 'gelu_pytorch_tanh', 'gelu_fast', 'gelu_python_tanh'] as const

const schema = z.object({
  ...textFields,
  vocab_size: size,
  n_embd: size,
  n_layer: size,
  n_head: size,
  n_inner: size.nullish(),
  n_positions: size.default(1024),
  layer_norm_epsilon: z.number().positive().default(1e-5),
  activation_function: activation(GELU_TANH).default('gelu_new'),
  scale_attn_weights: z.literal(true, 'attention without its scale is not supported').nullish(),
  scale_attn_by_inverse_layer_idx: z.literal(false, 'a scale of attention by layer is not supported').nullish(),
  add_cross_attention: z.literal(false, 'cross-attention is not supported').nullish(),
  tie_word_embeddings: z.boolean().default(true),
})

/** GPT-2: layer norms and biases everywhere, learned positions, matrices stored `[in, out]`, query, key and value in one of them. */
export const gpt2: Architecture = {
  modelType: 'gpt2',

  parse(config) {
    const raw = schema.parse(config)
    const ffnSize = raw.n_inner ?? 4 * raw.n_embd
    const headDim = raw.n_embd / raw.n_head
    if (!Number.isInteger(headDim)) throw fieldError('n_head', 'must divide n_embd')
    return {
      architecture: gpt2.modelType,
      vocabSize: raw.vocab_size,
      hiddenSize: raw.n_embd,
      layers: raw.n_layer,
      heads: raw.n_head,
      kvHeads: raw.n_head,
      headDim,
      ffnSize,
      maxLength: raw.n_positions,
      norm: { kind: 'layer', epsilon: raw.layer_norm_epsilon },
      positions: { kind: 'learned', tensor: 'wpe.weight' },
      feedForward: { kind: 'plain', activation: 'gelu-tanh' },
      tensors: gpt2Tensors({ hiddenSize: raw.n_embd, ffnSize, tied: raw.tie_word_embeddings }),
      ...textEnds(raw),
    }
  },
}

interface Sizes {
  readonly hiddenSize: number
  readonly ffnSize: number
  readonly tied: boolean
}

const gpt2Tensors = ({ hiddenSize, ffnSize, tied }: Sizes): DecoderTensors => ({
  embedding: 'wte.weight',
  finalNorm: norm('ln_f'),
  head: tied ? 'wte.weight' : 'lm_head.weight',
  layer: (index) => ({
    attentionNorm: norm(`h.${index}.ln_1`),
    queryKeyValue: [matrix(`h.${index}.attn.c_attn`, 3 * hiddenSize)],
    output: matrix(`h.${index}.attn.c_proj`, hiddenSize),
    ffnNorm: norm(`h.${index}.ln_2`),
    feedForwardIn: [matrix(`h.${index}.mlp.c_fc`, ffnSize)],
    down: matrix(`h.${index}.mlp.c_proj`, hiddenSize),
  }),
})

const norm = (name: string): NormTensors => ({ weight: `${name}.weight`, bias: `${name}.bias` })

const matrix = (name: string, outSize: number): MatrixTensor => ({
  name: `${name}.weight`,
  outSize,
  bias: `${name}.bias`,
  stored: 'in-out',
})
