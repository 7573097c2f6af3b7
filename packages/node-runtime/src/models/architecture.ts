import type { ModelConfig } from './model-config.ts'

/** One family of models: how its config.json reads, and what its tensors are called. */
export interface Architecture {
  /** `model_type` in config.json. */
  readonly modelType: string
  /**
   * Reads a parsed config.json.
   *
   * @throws z.ZodError naming the field
   */
  parse(config: unknown): ModelConfig
}
