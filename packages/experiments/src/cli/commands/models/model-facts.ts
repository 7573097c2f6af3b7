import { DsdError } from '@dsd-lab/core'
import type { ModelSource } from '@dsd-lab/node-runtime'
import { runtime } from './runtime.ts'

export interface ModelFacts {
  readonly ref: string
  readonly architecture: string
  readonly parameters: number
  readonly layers: number
  readonly vocabSize: number
}

/** What a model's files say about it, or why they cannot be opened. */
export async function describe(ref: string): Promise<ModelFacts | { readonly ref: string; readonly problem: string }> {
  const { openModel } = await runtime()
  try {
    return factsOf(await openModel(ref))
  } catch (error) {
    if (error instanceof DsdError) return { ref, problem: error.line }
    throw error
  }
}

export function factsOf({ ref, config, parameters }: ModelSource): ModelFacts {
  return { ref, architecture: config.architecture, parameters, layers: config.layers, vocabSize: config.vocabSize }
}
