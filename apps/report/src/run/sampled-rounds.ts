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
  const cells = firstSeed(manifest.cells)
  for (const decoding of new Set(cells.map((cell) => cell.decoding))) {
    const decoded = await sessionsOf(join(folder, 'decodings', decoding, 'trace.jsonl'))
    for (const cell of cells.filter((candidate) => candidate.decoding === decoding)) {
      const trace = join('cells', cell.id, 'trace.jsonl')
      const timed = await sessionsOf(join(folder, trace))
      const texts = timed.map((session) => timedRounds(session, decoded))
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
        shares: { ...timeShares(texts.flat()), items: timed.length, tokens: committedTokens(texts.flat()) },
        trace,
      })
    }
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

/** Lays the times of a session over what its rounds committed, which the trace of the decoding knows. */
export function timedRounds(session: TraceSession, decoded: readonly TraceSession[]): TimedRound[] {
  const text = decoded.find(({ item }) => item === session.item) ?? session
  const committed = new Map<number, number>()
  for (const commit of text.commits)
    committed.set(commit.round, (committed.get(commit.round) ?? 0) + commit.tokens.length)
  return session.timings.map((timing) => ({
    startMs: short(timing.startMs),
    draftMs: short(timing.draftMs),
    computeMs: timing.computeMs.map(short),
    queueMs: timing.queueMs.map(short),
    linkMs: timing.linkMs.map(short),
    returnMs: short(timing.returnMs),
    totalMs: short(timing.totalMs),
    committed: committed.get(timing.index) ?? 0,
  }))
}

const short = (ms: number): number => Math.round(ms * 1000) / 1000
const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0)
const committedTokens = (rounds: readonly TimedRound[]): number => total(rounds.map((round) => round.committed))

export function timeShares(rounds: readonly TimedRound[]): TimeShares {
  const tokens = Math.max(1, committedTokens(rounds))
  const perToken = (part: (round: TimedRound) => number): number => short(total(rounds.map(part)) / tokens)
  return {
    draftMs: perToken((round) => round.draftMs),
    computeMs: perToken((round) => total(round.computeMs)),
    queueMs: perToken((round) => total(round.queueMs)),
    linkMs: perToken((round) => total(round.linkMs)),
    returnMs: perToken((round) => round.returnMs),
  }
}
