import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Cell } from '@dsd-lab/experiments/schema'
import type { CellRounds, TimedRound, TimeShares } from '../page-data.ts'
import type { RunRecord } from './run-folder.ts'
import { readSessions, type TraceSession } from './trace-sessions.ts'

/** Rounds of the first item that the timeline can show. */
const timelineRounds = 12
/** Items that the shares of time are taken over. */
const sharedItems = 4

/** The first rounds of every cell, of one seed, and where the time of its first items went. */
export async function sampleRounds({ folder, manifest }: RunRecord): Promise<CellRounds[]> {
  const sampled: CellRounds[] = []
  for (const cell of firstSeed(manifest.cells)) {
    const trace = join('cells', cell.id, 'trace.jsonl')
    const timed = await sessionsOf(join(folder, trace))
    const texts = timed.map(timedRounds)
    const [rounds] = texts
    const [session] = timed
    if (rounds === undefined || session === undefined || rounds.length === 0) continue
    const { variant, task, condition } = cell
    sampled.push({
      variant,
      task,
      condition,
      item: session.item,
      rounds: rounds.slice(0, timelineRounds),
      isCut: rounds.length > timelineRounds,
      shares: { ...timeShares(texts), items: timed.length, tokens: committedTokens(texts.flat()) },
      trace,
    })
  }
  return sampled
}

const sessionsOf = async (path: string): Promise<TraceSession[]> =>
  existsSync(path) ? readSessions(path, { limit: sharedItems }) : []

function firstSeed(cells: readonly Cell[]): Cell[] {
  const seen = new Set<string>()
  return cells.filter(({ variant, task, condition }) => {
    const key = JSON.stringify([variant, task, condition])
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}

/** The rounds of one text with their times and what they committed. */
export function timedRounds(session: TraceSession): TimedRound[] {
  const committed = new Map<number, number>()
  for (const { round, tokens } of session.commits) committed.set(round, (committed.get(round) ?? 0) + tokens.length)
  const carrying = new Set(session.rounds.filter(({ forced }) => forced > 0).map(({ index }) => index))
  return session.timings.map((timing) => ({
    startMs: short(timing.startMs),
    draftMs: short(timing.draftMs),
    computeMs: timing.computeMs.map(short),
    queueMs: timing.queueMs.map(short),
    linkMs: timing.linkMs.map(short),
    returnMs: short(timing.returnMs),
    totalMs: short(timing.totalMs),
    committed: committed.get(timing.index) ?? 0,
    carriesText: carrying.has(timing.index),
  }))
}

const short = (ms: number): number => Math.round(ms * 1000) / 1000
const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0)
const committedTokens = (rounds: readonly TimedRound[]): number => total(rounds.map((round) => round.committed))

/** Mean ms per committed token over whole texts. */
export function timeShares(texts: readonly (readonly TimedRound[])[]): TimeShares {
  const rounds = texts.flat()
  const tokens = Math.max(1, committedTokens(rounds))
  const elapsedMs = total(texts.map(elapsed))
  const parts = {
    draftMs: total(rounds.map((round) => round.draftMs)),
    computeMs: total(rounds.map((round) => total(round.computeMs))),
    queueMs: total(rounds.map((round) => total(round.queueMs))),
    linkMs: total(rounds.map((round) => total(round.linkMs))),
    returnMs: total(rounds.map((round) => round.returnMs)),
  }
  const restMs = elapsedMs - total(Object.values(parts))
  return {
    draftMs: short(parts.draftMs / tokens),
    computeMs: short(parts.computeMs / tokens),
    queueMs: short(parts.queueMs / tokens),
    linkMs: short(parts.linkMs / tokens),
    returnMs: short(parts.returnMs / tokens),
    // Times are kept to a microsecond: what rounding leaves is no rest.
    restMs: restMs < 0.001 * rounds.length * 10 ? 0 : short(restMs / tokens),
  }
}

function elapsed(rounds: readonly TimedRound[]): number {
  const [first] = rounds
  const last = rounds.at(-1)
  return first === undefined || last === undefined ? 0 : last.startMs + last.totalMs - first.startMs
}
