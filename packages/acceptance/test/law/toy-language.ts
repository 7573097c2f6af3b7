import { type Distribution, PURPOSE, type Sampling, type TokenId, uniformField, warp } from '@dsd-lab/core'

/** A pair of tiny language models: laws by prefix, known exactly. */
export interface ToyLanguage {
  readonly vocabSize: number
  readonly sampling: Sampling
  /** Raw target logits after a prefix. `[vocab]` */
  targetLogits(prefix: readonly TokenId[]): Float32Array
  /** Raw target logits of a window, one row more than drafted. `[gamma + 1, vocab]` */
  windowLogits(drafted: readonly TokenId[]): Float32Array
  /** Target law after a prefix, after warping. */
  target(prefix: readonly TokenId[]): Distribution
  /** The law that the draft is sampled from; undefined for a drafter without chance in it. */
  draft(prefix: readonly TokenId[]): Distribution | undefined
  /** What that drafter proposes instead. */
  proposal(prefix: readonly TokenId[]): TokenId
}

export interface ToyOptions {
  readonly seed: number
  readonly vocabSize: number
  readonly sampling: Sampling
  /** Turns the draft model's logits into the law that it samples from; `deterministic` proposes one token. */
  readonly drafter: ((logits: Float32Array, target: Distribution) => Distribution) | 'deterministic'
}

/** Logits are a hash of the prefix, spread over about 3 nats. */
export function toyLanguage({ seed, vocabSize, sampling, drafter }: ToyOptions): ToyLanguage {
  const logits = memoised((role: number, prefix: readonly TokenId[]) => {
    const position = numberOf(prefix)
    const field = uniformField({ seed, purpose: PURPOSE.PROBE, sequence: role, position })
    return Float32Array.from({ length: vocabSize }, (_, id) => 3 * field.at(id))
  })
  const target = memoised((_, prefix: readonly TokenId[]) => warp(logits(0, prefix), sampling))
  const draft = memoised((_, prefix: readonly TokenId[]) =>
    drafter === 'deterministic' ? undefined : drafter(logits(1, prefix), target(0, prefix)),
  )
  const window = memoised((_, drafted: readonly TokenId[]) => {
    const rows = Array.from({ length: drafted.length + 1 }, (_, index) => logits(0, drafted.slice(0, index)))
    return Float32Array.from(rows.flatMap((row) => [...row]))
  })
  return {
    vocabSize,
    sampling,
    targetLogits: (prefix) => logits(0, prefix),
    windowLogits: (drafted) => window(0, drafted),
    target: (prefix) => target(0, prefix),
    draft: (prefix) => draft(0, prefix),
    proposal: (prefix) => prefix.length % vocabSize,
  }
}

function memoised<Value>(
  compute: (role: number, prefix: readonly TokenId[]) => Value,
): (role: number, prefix: readonly TokenId[]) => Value {
  const known = new Map<number, Value>()
  return (role, prefix) => {
    const key = 2 * numberOf(prefix) + role
    const value = known.get(key) ?? compute(role, prefix)
    known.set(key, value)
    return value
  }
}

/** One number per short text over at most 7 tokens. */
function numberOf(text: readonly TokenId[]): number {
  return text.reduce((number, id) => number * 8 + id + 1, 0)
}

/** All texts of `length` tokens. */
export function allTexts(vocabSize: number, length: number): TokenId[][] {
  if (length === 0) return [[]]
  return allTexts(vocabSize, length - 1).flatMap((text) => Array.from({ length: vocabSize }, (_, id) => [...text, id]))
}

/** Probability that plain decoding of the target gives this text after `prefix`. */
export function targetProbability(language: ToyLanguage, text: readonly TokenId[], from = 0): number {
  return text
    .slice(from)
    .reduce((product, id, index) => product * language.target(text.slice(0, from + index)).probabilityOf(id), 1)
}
