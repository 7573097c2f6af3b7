import type { Commit } from '../decoding/commit.ts'
import type { Round } from '../decoding/target.ts'
import { TRACE_VERSION, type TraceEvent, type TraceEventOf } from './schema.ts'

/** One event as one line of `trace.jsonl`, newline included. */
export function traceLine(event: TraceEvent): string {
  return `${JSON.stringify(event)}\n`
}

export interface TracedText {
  /** Id of the task item. */
  readonly item: string
  readonly sequence: number
  readonly promptTokens: number
}

export function sessionEvent(text: TracedText): TraceEventOf<'session'> {
  return { type: 'session', version: TRACE_VERSION, ...text }
}

/** What the round decided; the same on every network. */
export function roundEvent(round: Round): TraceEventOf<'round'> {
  return {
    type: 'round',
    index: round.index,
    at: round.committedBefore,
    rows: round.rows,
    forced: round.forced,
    drafted: [...round.drafted],
    accepted: round.accepted,
    next: round.next,
    draftSteps: round.draftSteps,
    ...(round.ahead && { ahead: { ...round.ahead } }),
    retries: round.retries,
  }
}

/** What the round added to the text. Importance and the like are written only where some token has them. */
export function commitEvent(
  commit: Omit<Commit, 'round'> & { readonly round: Pick<Round, 'index'> },
): TraceEventOf<'commit'> {
  const { annotations } = commit
  const column = (name: 'importance' | 'entropyNats' | 'marginNats') => {
    const values = annotations.map((annotation) => annotation[name] ?? null)
    return values.every((value) => value === null) ? {} : { [name]: values }
  }
  const reasons = annotations.map((annotation) => [...(annotation.reasons ?? [])])
  return {
    type: 'commit',
    round: commit.round.index,
    position: commit.position,
    tokens: [...commit.tokens],
    origins: annotations.map(({ origin }) => origin),
    ...column('importance'),
    ...(reasons.every((list) => list.length === 0) ? {} : { reasons }),
    ...column('entropyNats'),
    ...column('marginNats'),
    ...(commit.finish === undefined ? {} : { finish: commit.finish }),
  }
}

/** Where the time and bytes of the round went, on the network it ran on. */
export function timingEvent({
  index,
  timing,
  bytes,
}: Pick<Round, 'index' | 'timing' | 'bytes'>): TraceEventOf<'timing'> {
  return {
    type: 'timing',
    index,
    startMs: timing.startMs,
    draftMs: timing.draftMs,
    computeMs: [...timing.computeMs],
    queueMs: [...timing.queueMs],
    linkMs: [...timing.linkMs],
    returnMs: timing.returnMs,
    totalMs: timing.totalMs,
    forwardBytes: [...bytes.forward],
    verdictBytes: bytes.verdict,
  }
}
