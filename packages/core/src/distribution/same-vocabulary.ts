import { DsdError } from '../errors.ts'
import type { Distribution } from './distribution.ts'

/** @throws DsdError (`bad-input`) when two laws are over vocabularies of different size. */
export function checkSameVocabulary(target: Distribution, draft: Distribution): void {
  if (target.vocabSize === draft.vocabSize) return
  throw new DsdError(`target and draft laws have ${target.vocabSize} and ${draft.vocabSize} tokens`, {
    kind: 'bad-input',
    where: 'vocabSize',
    fix: 'use a draft model with the tokenizer of the target',
  })
}
