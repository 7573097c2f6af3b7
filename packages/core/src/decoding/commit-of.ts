import type { Commit } from './commit.ts'
import type { Round, SessionRequest } from './target.ts'

/** The tokens that a round added to its text. The target has already cut them at the first end-of-text token. */
export function commitOf(round: Round, { eos, maxLength }: Pick<SessionRequest, 'eos' | 'maxLength'>): Commit {
  const { committedBefore, drafted, accepted, next, annotations } = round
  const tokens = [...drafted.slice(0, accepted), next]
  const position = committedBefore + 1
  const finish = eos.includes(next) ? 'eos' : position + tokens.length >= maxLength ? 'length' : undefined
  return { position, tokens, annotations, round, ...(finish && { finish }) }
}
