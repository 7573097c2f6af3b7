import type { TimedRound } from '../page-data.ts'
import { type RoundPart, roundParts } from './round-parts.ts'

/** One stretch of a round: at a station (0 is the coordinator, then the nodes), or under way between two. */
export interface RoundSpan {
  readonly part: RoundPart
  readonly station: number
  readonly toStation: number
  readonly fromMs: number
  readonly toMs: number
}

const [draft, queue, compute, link, verdict] = roundParts

/** The stretches of a round in order, `startMs` being zero. Stretches that take no time are left out. */
export function spansOf(round: TimedRound, startMs: number): RoundSpan[] {
  const spans: RoundSpan[] = []
  let atMs = round.startMs - startMs
  const add = (part: RoundPart, station: number, toStation: number, ms: number): void => {
    if (ms > 0) spans.push({ part, station, toStation, fromMs: atMs, toMs: atMs + ms })
    atMs += ms
  }
  add(draft, 0, 0, round.draftMs)
  for (const [node, computeMs] of round.computeMs.entries()) {
    add(link, node, node + 1, round.linkMs[node] ?? 0)
    add(queue, node + 1, node + 1, round.queueMs[node] ?? 0)
    add(compute, node + 1, node + 1, computeMs)
  }
  add(verdict, round.computeMs.length, 0, round.returnMs)
  return spans
}
