import type { Commit } from './commit.ts'
import type { Round, SessionRequest, TargetSession } from './target.ts'

/** What a round added to its text. The target has already cut it at the first end-of-text token. */
export function commitOf(
  round: Round,
  { committed }: Pick<TargetSession, 'committed'>,
  { eos, maxLength }: Pick<SessionRequest, 'eos' | 'maxLength'>,
): Commit {
  const position = round.committedBefore + 1
  const tokens = committed.slice(position)
  const ends = eos.includes(tokens.at(-1) ?? -1)
  const finish = ends ? 'eos' : committed.length >= maxLength ? 'length' : undefined
  return { position, tokens, annotations: round.annotations.slice(0, tokens.length), round, ...(finish && { finish }) }
}
