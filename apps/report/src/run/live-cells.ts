import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { LiveResult } from '@dsd-lab/experiments/schema'
import type { LiveCell, Progress, TimedRound } from '../page-data.ts'
import type { RunRecord } from './run-folder.ts'
import { timedRounds, timeShares } from './sampled-rounds.ts'
import { readSessions, type TraceSession } from './trace-sessions.ts'

/** The live re-runs, each laid over the virtual run of the same items. */
export async function readLiveCells({ folder, live }: RunRecord): Promise<LiveCell[]> {
  const cells: LiveCell[] = []
  for (const result of live) {
    const laid = await layOver(folder, result)
    if (laid !== undefined) cells.push(laid)
  }
  return cells
}

async function layOver(folder: string, result: LiveResult): Promise<LiveCell | undefined> {
  const { schema, clock, items, cell, ...measured } = result
  const trace = join('live', cell.id, 'trace.jsonl')
  const virtualTrace = join(folder, 'cells', cell.id, 'trace.jsonl')
  if (!existsSync(join(folder, trace)) || !existsSync(virtualTrace)) return undefined
  const wanted = new Set(items.map(({ item }) => item))
  const [live, virtual] = await Promise.all([
    readSessions(join(folder, trace), { items: wanted }),
    readSessions(virtualTrace, { items: wanted }),
  ])
  const common = virtual.filter(({ item }) => live.some((other) => other.item === item)).map(({ item }) => item)
  const [item] = common
  if (item === undefined) return undefined
  const textsOf = (sessions: readonly TraceSession[]): TimedRound[][] =>
    common.flatMap((id) => sessions.filter((session) => session.item === id).map((session) => timedRounds(session)))
  const texts = { live: textsOf(live), virtual: textsOf(virtual) }
  const { variant, task, condition } = cell
  return {
    ...measured,
    variant,
    task,
    condition,
    items: items.length,
    item,
    compared: common.length,
    progress: { live: progressOf(texts.live[0] ?? []), virtual: progressOf(texts.virtual[0] ?? []) },
    shares: { live: timeShares(texts.live), virtual: timeShares(texts.virtual) },
    trace,
  }
}

function progressOf(rounds: readonly TimedRound[]): Progress {
  const progress: (readonly [number, number])[] = [[0, 0]]
  const startMs = rounds[0]?.startMs ?? 0
  let tokens = 0
  for (const round of rounds) {
    tokens += round.committed
    progress.push([Math.round(10 * (round.startMs + round.totalMs - startMs)) / 10, tokens])
  }
  return progress
}
