import { DsdError, type TokenId } from '@dsd-lab/core'
import type { TextTokenizer } from './tokenizer.ts'

export interface TokenizerDifference {
  /** The first id that means different tokens. */
  readonly id: TokenId
  /** Spelling in either vocabulary; undefined where it lacks the id. */
  readonly left: string | undefined
  readonly right: string | undefined
}

/** The first id on which two vocabularies differ, or undefined when they are the same. */
export function firstDifference(left: TextTokenizer, right: TextTokenizer): TokenizerDifference | undefined {
  if (left.digest === right.digest) return undefined
  for (let id = 0; id < Math.max(left.size, right.size); id++) {
    const difference = { id, left: left.spelling(id), right: right.spelling(id) }
    if (difference.left !== difference.right) return difference
  }
  return undefined
}

/**
 * Draft and target talk in token ids, so they must mean the same by them.
 *
 * @throws DsdError naming the first differing id
 */
export function requireSameTokenizer(target: TextTokenizer, draft: TextTokenizer): void {
  const difference = firstDifference(target, draft)
  if (difference === undefined) return
  const spell = (token: string | undefined): string => (token === undefined ? 'missing' : JSON.stringify(token))
  throw new DsdError(
    `target and draft have different tokenizers: token ${difference.id} is ${spell(difference.left)} for the target and ${spell(difference.right)} for the draft`,
    { kind: 'bad-input', where: 'models.draft', fix: 'choose a draft model with the tokenizer of the target' },
  )
}
