import { DsdError, type RuleSpec, type Sampling, type TokenId } from '@dsd-lab/core'
import type { PutPrompt } from '../put-prompts.ts'
import type { ModelPair } from './model-pair.ts'

export interface TextRequest {
  readonly prompt: PutPrompt
  /** Id of the item, for errors. */
  readonly item: string
  readonly maxTokens: number
  readonly sampling: Sampling
  readonly seed: number
  readonly sequence: number
}

/** A rule along fixed windows; absent: plain decoding, recorded for replay. */
export interface SpeculativeRequest extends TextRequest {
  readonly rule: RuleSpec
  readonly gamma: number
  /** Note which windows could have been drafted ahead. */
  readonly draftAhead: boolean
}

/** Told after every round, with the number of tokens that it committed. */
export type TokensCommitted = (tokens: number) => void

/** What every loop is told about a text. */
export function textOptions({ sampling, seed, sequence }: TextRequest) {
  return { sampling, seed, sequence, annotate: true } as const
}

/** A prompt as ids, and how many tokens may follow it. */
export function framed(
  { tokenizer, maxLength }: ModelPair,
  { prompt, item, maxTokens }: TextRequest,
): { readonly prompt: TokenId[]; readonly maxTokens: number } {
  const ids = tokenizer.encode(prompt.text, { specialTokens: prompt.specialTokens })
  if (ids.length >= maxLength) {
    throw new DsdError(`its prompt takes ${ids.length} of the ${maxLength} tokens that the models can hold`, {
      kind: 'bad-input',
      where: item,
      fix: 'choose shorter items or a model with a longer context',
    })
  }
  return { prompt: ids, maxTokens: Math.min(maxTokens, maxLength - ids.length) }
}
