import { sampleToken } from '../distribution/sample.ts'
import { DsdError } from '../errors.ts'
import type { TokenId } from '../tokens.ts'
import type { Annotation } from './annotation.ts'
import type { JudgedRow, RunVerdict } from './rule.ts'

/** A row with a drafted token: any but the bonus row. */
export interface DraftedRow extends JudgedRow {
  readonly drafted: TokenId
}

/** What a per-row rule says of one drafted token: keep it, or put the target's own token in its place. */
export type RowDecision =
  | {
      readonly kept: true
      /** True where the target's own choice was another token. Default false. */
      readonly relaxed?: boolean
    }
  | { readonly kept: false; readonly token: TokenId }

/**
 * `index` counts from 0 inside the draft window. `ahead` are the rows behind this one, the bonus row last, which the target
 * computed given the drafted tokens before them.
 */
export type RowRule = (row: DraftedRow, index: number, ahead: readonly JudgedRow[]) => RowDecision

/** The target's own choice at a position: a sample of its warped law with the keyed noise; the argmax at temperature 0. */
export function targetToken(row: JudgedRow): TokenId {
  return sampleToken(row.target, row.noise.target)
}

/**
 * Runs a per-row rule along the window: the longest kept prefix, then exactly one token, the correction at the first
 * rejection or the bonus token after a fully kept window.
 * @param bonus Token of the bonus row. Default: the target's own choice.
 */
export function alongWindow(
  rows: readonly JudgedRow[],
  decide: RowRule,
  bonus: (row: JudgedRow) => TokenId = targetToken,
): RunVerdict {
  const annotations: Annotation[] = []
  for (const [index, row] of rows.entries()) {
    if (!isDrafted(row)) {
      const origin = index === 0 ? 'target' : 'bonus'
      return { accepted: index, next: bonus(row), annotations: [...annotations, { origin }] }
    }
    const decision = decide(row, index, rows.slice(index + 1))
    if (!decision.kept) {
      annotations.push({ origin: 'correction' })
      return { accepted: index, next: decision.token, annotations }
    }
    annotations.push({ origin: decision.relaxed === true ? 'relaxed' : 'draft' })
  }
  throw new DsdError('the judged rows end without a bonus row', {
    kind: 'protocol',
    where: 'verification',
    fix: 'judge one row more than were drafted',
  })
}

function isDrafted(row: JudgedRow): row is DraftedRow {
  return row.drafted !== undefined
}
