import type { Architecture } from './architecture.ts'
import { asStored, RMS_EPSILON_KEY, rotaryDecoderConfig, rotaryDecoderTensors } from './rotary-decoder.ts'

/** Qwen2 and 2.5: as Llama, rows in Hugging Face's order, always with biases on query, key and value. */
export const qwen2: Architecture = {
  name: 'qwen2',
  positions: 'rotary',
  normEpsilonKey: RMS_EPSILON_KEY,
  tensors: (sizes) => rotaryDecoderTensors(sizes, { queryKey: asStored, biases: 'qkv' }),
  config: (facts) => ({
    architectures: ['Qwen2ForCausalLM'],
    model_type: 'qwen2',
    ...rotaryDecoderConfig(facts),
    use_sliding_window: false,
  }),
}
