import type { Architecture } from './architecture.ts'
import { RMS_EPSILON_KEY, rotaryDecoderConfig, rotaryDecoderTensors } from './rotary-decoder.ts'

/** Llama 2 and 3, SmolLM2, and Mistral, which converters store as `llama`: query and key rows are permuted. */
export const llama: Architecture = {
  name: 'llama',
  positions: 'rotary',
  normEpsilonKey: RMS_EPSILON_KEY,
  tensors: (sizes) =>
    rotaryDecoderTensors(sizes, { queryKey: { kind: 'rotary-pairs', headDim: sizes.headDim }, biases: 'optional' }),
  config: (facts) => ({
    architectures: ['LlamaForCausalLM'],
    model_type: 'llama',
    ...rotaryDecoderConfig(facts),
    attention_bias: facts.attentionBias,
    mlp_bias: facts.ffnBias,
  }),
}
