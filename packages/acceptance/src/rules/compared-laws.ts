import { type Distribution, type DraftedRow, pointMass, type RuleContext } from '@dsd-lab/core'

/** The two laws of a row that can be compared: after warping both; at temperature 0, where that leaves one token, both at temperature 1. */
export function comparedLaws(
  row: DraftedRow,
  { temperature }: RuleContext,
): { readonly target: Distribution; readonly draft: Distribution } {
  const { drafted, draft = pointMass(drafted, row.logits.length) } = row
  return { target: comparedTarget(row, { temperature }), draft }
}

/** The target's side of `comparedLaws`. */
export function comparedTarget(row: DraftedRow, { temperature }: Pick<RuleContext, 'temperature'>): Distribution {
  return temperature === 0 ? row.untempered : row.target
}
