import type { ModelConfig } from './model-config.ts'

/** One family of models: how its config.json reads, and what its tensors are called. */
export interface Architecture {
  /** `model_type` in config.json. */
  readonly modelType: string
  /**
   * Reads a parsed config.json, in the form of transformers 4 or 5. A constant that is not there has the value it has in transformers.
   *
   * @throws z.ZodError naming the field
   */
  parse(config: unknown): ModelConfig
}
