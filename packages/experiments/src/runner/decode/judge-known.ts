import { type AcceptanceRule, judgeRun, type RunVerdict, sequenceNoise } from '@dsd-lab/core'
import type { TracedRound } from '../traced-text.ts'
import type { KnownRows } from './known-rows.ts'
import type { SpeculativeRequest } from './text-request.ts'

export interface KnownRound {
  readonly round: TracedRound['round']
  readonly commit: NonNullable<TracedRound['commit']>
  /** Place in the text of the first judged token. */
  readonly from: number
}

/**
 * What a rule says of a round whose committed tokens are those of a known text; undefined when it decides otherwise, so that the text
 * would go on differently.
 */
export async function judgeKnown({
  rows,
  rule,
  request: { sampling, seed, sequence },
  known: { round, commit, from },
}: {
  readonly rows: KnownRows
  readonly rule: AcceptanceRule
  readonly request: SpeculativeRequest
  readonly known: KnownRound
}): Promise<RunVerdict | undefined> {
  const { drafted } = round
  const last = from + drafted.length
  const hasBonus = last < rows.places && round.accepted === drafted.length
  const read = await rows.between(from, hasBonus ? last + 1 : last)
  // Behind a mismatch or the end of the text no row is known; a rule that gets there has left the text.
  const logits = new Float32Array((drafted.length + 1) * rows.vocabSize)
  logits.set(read)
  const verdict = judgeRun({
    rule,
    sampling,
    logits,
    vocabSize: rows.vocabSize,
    firstPosition: round.at + 1,
    drafted,
    text: rows.before(from),
    noise: sequenceNoise({ seed, sequence }),
    annotate: true,
  })
  if (verdict.accepted !== round.accepted) return undefined
  const ownToken = commit.tokens[verdict.accepted]
  return ownToken === undefined || ownToken === verdict.next ? verdict : undefined
}
