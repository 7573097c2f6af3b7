import type { TraceEvent, TraceEventOf } from '@dsd-lab/core'

/** A round, and what it added to the text. */
export interface TracedRound {
  readonly round: TraceEventOf<'round'>
  readonly commit: TraceEventOf<'commit'> | undefined
}

/** The rounds of one prompt. */
export interface TracedText {
  readonly session: TraceEventOf<'session'>
  readonly rounds: readonly TracedRound[]
}

/** Cuts a trace into its texts. */
export function textsOf(events: readonly TraceEvent[]): TracedText[] {
  const starts = events.flatMap((event, index) => (event.type === 'session' ? [{ session: event, index }] : []))
  return starts.map(({ session, index }, place) => ({
    session,
    rounds: roundsOf(events.slice(index, starts[place + 1]?.index)),
  }))
}

/** The rounds of the events of one text; each commit follows its round. */
export function roundsOf(events: readonly TraceEvent[]): TracedRound[] {
  const commits = new Map(events.flatMap((event) => (event.type === 'commit' ? [[event.round, event] as const] : [])))
  return events.flatMap((event) => (event.type === 'round' ? [{ round: event, commit: commits.get(event.index) }] : []))
}
