import { type DraftedRow, type RowRule, targetToken } from '@dsd-lab/core'
import { correct, keep, relax } from '../decisions.ts'

/** Keeps the target's own choice, and a mismatch iff `tolerates` says so; else the target's own choice takes its place. */
export function keepOwnOr(tolerates: (...row: Parameters<RowRule>) => boolean): RowRule {
  return (row, index, ahead) => {
    const own = targetToken(row)
    if (row.drafted === own) return keep()
    return tolerates(row, index, ahead) ? relax() : correct(own)
  }
}

/** How far the draft lies behind the target's best token, ln p(1) / p(x) at temperature 1: z1 - z(x), nats. */
export function gapNats({ logits, drafted }: DraftedRow, best: number): number {
  return (logits[best] ?? 0) - (logits[drafted] ?? 0)
}
