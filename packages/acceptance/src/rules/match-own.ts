import { type RowRule, targetToken } from '@dsd-lab/core'
import { correct, keep } from '../decisions.ts'

/** Accepts x iff it is the target's own choice: its keyed sample, at temperature 0 its lowest-id argmax. */
export const matchOwn: RowRule = (row) => {
  const own = targetToken(row)
  return row.drafted === own ? keep() : correct(own)
}
