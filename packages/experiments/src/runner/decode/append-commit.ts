import {
  type Commit,
  commitEvent,
  loadOfRound,
  roundEvent,
  type TokenId,
  type TraceEvent,
  type TraceEventOf,
} from '@dsd-lab/core'

/** Adds a commit to the events and the tokens of its text. */
export function appendCommit({
  commit,
  events,
  text,
}: {
  readonly commit: Commit
  readonly events: TraceEvent[]
  readonly text: TokenId[]
}): void {
  const [window] = loadOfRound(commit.round).windows
  const extraBytes = (window?.extraBytes ?? 0) + (commit.round.index === 0 ? WITHOUT_ANNOTATIONS : 0)
  const round = cutAtEnd(roundEvent(commit.round), commit.tokens)
  events.push({ ...round, ...(extraBytes === 0 ? {} : { extraBytes }) }, commitEvent(commit))
  text.push(...commit.tokens)
}

// Annotations are for reading a run: its times are those of sessions that do not ask for them, and say so in their opening.
const WITHOUT_ANNOTATIONS = '"annotate":false'.length - '"annotate":true'.length

/** Leaves out what a round decided behind the end of the text: it was never asked for, and a replay cannot know it. */
function cutAtEnd(round: TraceEventOf<'round'>, tokens: readonly TokenId[]): TraceEventOf<'round'> {
  if (round.accepted < tokens.length) return round
  const drafted = round.drafted.slice(0, tokens.length)
  return { ...round, drafted, accepted: tokens.length, next: tokens.at(-1) ?? round.next }
}
