import type { DraftSessionRequest } from '../drafting/drafter.ts'
import { DsdError } from '../errors.ts'
import { greedySampling, type Sampling, type TokenId } from '../tokens.ts'
import type { RuleSpec } from '../verification/rule.ts'
import type { SessionRequest, Target } from './target.ts'

/** What both loops are told about a text. */
export interface TextOptions {
  readonly target: Target
  readonly prompt: readonly TokenId[]
  /** Non-negative safe integer. The text of a lossless rule is a function of (seed, sequence, prompt, target) alone. */
  readonly seed: number
  /** Index of the text inside the run; texts of one run share the seed. u32, default 0. */
  readonly sequence?: number
  /** Default: greedy. */
  readonly sampling?: Sampling
  /** Largest number of tokens after the prompt. At least 1, default: what the target has room for. */
  readonly maxTokens?: number
  /** End-of-text tokens. Default: the target's. */
  readonly eos?: readonly TokenId[]
  /** Cancels the round in flight; the loop then throws a DsdError `interrupted`. */
  readonly signal?: AbortSignal
  /** Ask the tail for annotations (importance, entropy, margin). Default false. */
  readonly annotate?: boolean
}

export function sessionRequest(options: TextOptions & { readonly rule: RuleSpec }): SessionRequest {
  const { target, prompt, rule, seed, maxTokens, sequence = 0, sampling = greedySampling, annotate = false } = options
  const { maxLength, eos: targetEos } = target.info
  if (maxTokens !== undefined && !(Number.isInteger(maxTokens) && maxTokens >= 1)) {
    throw new DsdError(`${maxTokens} tokens`, {
      kind: 'bad-input',
      where: 'maxTokens',
      fix: 'give an integer of at least 1',
    })
  }
  return {
    prompt,
    rule,
    sampling,
    seed,
    sequence,
    maxLength: Math.min(maxLength, maxTokens === undefined ? maxLength : prompt.length + maxTokens),
    eos: options.eos ?? targetEos,
    annotate,
  }
}

/** What the session's rule asks of a drafter. */
export function draftRequest(target: Target, { rule, seed, sequence, sampling }: SessionRequest): DraftSessionRequest {
  const context = { vocabSize: target.info.vocabSize, temperature: sampling.temperature }
  const { drafting, needs } = target.resolveRule(rule, context)
  return { seed, sequence, sampling, drafting, needs }
}
