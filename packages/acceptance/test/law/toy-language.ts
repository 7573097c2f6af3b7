import { type Distribution, PURPOSE, type Sampling, type TokenId, uniformField, warp } from '@dsd-lab/core'

/** A pair of tiny language models: laws by prefix, known exactly. */
export interface ToyLanguage {
  readonly vocabSize: number
  readonly sampling: Sampling
  /** Raw target logits after a prefix. `[vocab]` */
  targetLogits(prefix: readonly TokenId[]): Float32Array
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
    const position = prefix.reduce((hash, id) => hash * vocabSize + id + 1, 0)
    const field = uniformField({ seed, purpose: PURPOSE.PROBE, sequence: role, position })
    return Float32Array.from({ length: vocabSize }, (_, id) => 3 * field.at(id))
  })
  const target = memoised((_, prefix: readonly TokenId[]) => warp(logits(0, prefix), sampling))
  const draft = memoised((_, prefix: readonly TokenId[]) =>
    drafter === 'deterministic' ? undefined : drafter(logits(1, prefix), target(0, prefix)),
  )
  return {
    vocabSize,
    sampling,
    targetLogits: (prefix) => logits(0, prefix),
    target: (prefix) => target(0, prefix),
    draft: (prefix) => draft(0, prefix),
    proposal: (prefix) => prefix.length % vocabSize,
  }
}

function memoised<Value>(
  compute: (role: number, prefix: readonly TokenId[]) => Value,
): (role: number, prefix: readonly TokenId[]) => Value {
  const known = new Map<string, Value>()
  return (role, prefix) => {
    const key = `${role}:${prefix.join()}`
    const value = known.get(key) ?? compute(role, prefix)
    known.set(key, value)
    return value
  }
}

/** Raw target logits of a window, one row more than drafted. `[gamma + 1, vocab]` */
export function windowLogits(language: ToyLanguage, drafted: readonly TokenId[]): Float32Array {
  const rows = Array.from({ length: drafted.length + 1 }, (_, index) => language.targetLogits(drafted.slice(0, index)))
  return Float32Array.from(rows.flatMap((row) => [...row]))
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
