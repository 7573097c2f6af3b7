import {
  costRound,
  DraftClock,
  draftWork,
  type RoundBytes,
  type RoundTiming,
  roundLoad,
  sessionEvent,
  type TraceEvent,
  timingEvent,
} from '@dsd-lab/core'
import { computeModel, linkModel } from '../plan/conditions.ts'
import type { Condition, TimedItem } from '../store/schema.ts'
import type { TracedText } from './traced-text.ts'

/** The time of one text on one network, round by round. */
export function retimeText({
  text: { session, rounds },
  condition,
  seed,
  hiddenSize,
}: {
  readonly text: TracedText
  readonly condition: Condition
  readonly seed: number
  readonly hiddenSize: number
}): { readonly item: TimedItem; readonly events: readonly TraceEvent[] } {
  const { nodes, link, compute } = condition
  const network = { links: linkModel(link), seed }
  const costs: { index: number; timing: RoundTiming; bytes: RoundBytes }[] = []
  const events: TraceEvent[] = [sessionEvent(session)]
  const drafts = new DraftClock()
  let startMs = 0
  let tokens = 0
  for (const { round, commit } of rounds) {
    const { rows, forced, draftSteps, extraBytes = 0 } = round
    const cost = costRound({
      load: roundLoad({ rows, forced, draftSteps, extraBytes }),
      nodes,
      hiddenSize,
      network,
      compute: computeModel(condition),
      draftUs: drafts.us({ ...draftWork(round, startMs), stepMs: compute.draftStepMs }),
      startMs,
      sequence: session.sequence,
    })
    costs.push({ index: round.index, ...cost })
    events.push(round, timingEvent({ index: round.index, ...cost }))
    if (commit !== undefined) events.push(commit)
    // Costs are whole microseconds; so are their sums.
    startMs = Math.round(1000 * (startMs + cost.timing.totalMs)) / 1000
    tokens += commit?.tokens.length ?? 0
  }
  events.push({ type: 'end', item: session.item, tokens, rounds: rounds.length, totalMs: startMs })
  const bytes = (of: (one: RoundBytes) => number): number => costs.reduce((sum, cost) => sum + of(cost.bytes), 0)
  return {
    item: {
      item: session.item,
      tokens,
      rounds: rounds.length,
      totalMs: startMs,
      firstTokenMs: costs[0]?.timing.totalMs ?? 0,
      forwardBytes: bytes(({ forward }) => forward.reduce((sum, one) => sum + one, 0)),
      verdictBytes: bytes(({ verdict }) => verdict),
    },
    events,
  }
}
