import type { TensorRule } from '../tensor-rule.ts'
import type { Architecture } from './architecture.ts'
import { asStored, RMS_EPSILON_KEY, rotaryDecoderConfig, rotaryDecoderTensors } from './rotary-decoder.ts'

/** Qwen3: as Qwen2, biases optional, and an RMS norm on every query and key head before the rotation. */
export const qwen3: Architecture = {
  name: 'qwen3',
  positions: 'rotary',
  normEpsilonKey: RMS_EPSILON_KEY,
  tensors: (sizes) => [
    ...rotaryDecoderTensors(sizes, { queryKey: asStored, biases: 'optional' }),
    ...Array.from({ length: sizes.layers }, (_, index) => headNorms(index, sizes.headDim)).flat(),
  ],
  config: (facts) => ({
    architectures: ['Qwen3ForCausalLM'],
    model_type: 'qwen3',
    ...rotaryDecoderConfig(facts),
    attention_bias: facts.attentionBias,
    use_sliding_window: false,
  }),
}

const headNorms = (index: number, headDim: number): TensorRule[] =>
  ['q', 'k'].map((side) => ({
    stored: `blk.${index}.attn_${side}_norm.weight`,
    name: `model.layers.${index}.self_attn.${side}_norm.weight`,
    shape: [headDim],
    layout: asStored,
  }))
