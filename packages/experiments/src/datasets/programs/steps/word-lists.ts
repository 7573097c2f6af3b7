import { words } from './list-steps.ts'
import type { StepMaker } from './step.ts'

/** Steps that look at the whole list of words. */
export const WORD_LISTS: readonly StepMaker[] = [
  () =>
    words.list({
      id: 'alphabetical',
      asked: ['sort them by the alphabet', 'put the words in alphabetical order', 'order them from a to z'],
      remarks: ['a to z', 'by the alphabet', 'sort the words', 'in order'],
      names: ['sorted', 'ordered', 'ranked', 'lined'],
      of: (xs) => [`[...${xs}].sort()`, `${xs}.slice().sort()`],
      apply: (words) => words.sort(),
    }),
  () =>
    words.list({
      id: 'reverse-words',
      asked: ['reverse the order of the words', 'turn the list of words around', 'put the last word first'],
      remarks: ['back to front', 'turn around', 'last one first', 'other way round'],
      names: ['turned', 'flipped', 'backward', 'reversed'],
      of: (xs) => [`[...${xs}].reverse()`, `${xs}.slice().reverse()`],
      apply: (words) => words.reverse(),
    }),
]
