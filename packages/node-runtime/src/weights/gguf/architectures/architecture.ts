import type { DecoderSizes, ModelFacts } from '../model-facts.ts'
import type { TensorRule } from '../tensor-rule.ts'

/** A parsed `config.json`, as Hugging Face writes it for the same model. */
export type HuggingFaceConfig = Readonly<Record<string, unknown>> & { readonly model_type: string }

/** One family of models: which tensors its GGUF files hold, and the `config.json` that says the same. */
export interface Architecture {
  /** `general.architecture` */
  readonly name: string
  readonly positions: 'rotary' | 'learned'
  /** Metadata key of the epsilon of the norms, after the name of the architecture. */
  readonly normEpsilonKey: string
  /** In the order of computation. */
  tensors(sizes: DecoderSizes): TensorRule[]
  config(facts: ModelFacts): HuggingFaceConfig
}
