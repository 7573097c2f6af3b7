import { NUMBER_FILTERS } from './number-filters.ts'
import { NUMBER_FOLDS } from './number-folds.ts'
import { NUMBER_LISTS } from './number-lists.ts'
import { NUMBER_MAPS } from './number-maps.ts'
import type { StepMaker } from './step.ts'
import { WORD_FILTERS } from './word-filters.ts'
import { WORD_FOLDS } from './word-folds.ts'
import { WORD_LISTS } from './word-lists.ts'
import { WORD_MAPS } from './word-maps.ts'

/** Every step by what it takes: those that may stand anywhere, and the folds that end a pipeline. */
export const STEPS: Readonly<
  Record<'numbers' | 'words', { anywhere: readonly StepMaker[]; last: readonly StepMaker[] }>
> = {
  numbers: { anywhere: [...NUMBER_FILTERS, ...NUMBER_MAPS, ...NUMBER_LISTS], last: NUMBER_FOLDS },
  words: { anywhere: [...WORD_FILTERS, ...WORD_MAPS, ...WORD_LISTS], last: WORD_FOLDS },
}
