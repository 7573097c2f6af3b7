import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { DsdError, type TraceEvent, type TraceEventOf, traceEventSchema } from '@dsd-lab/core'

/** The events of one task item, sorted by kind. */
export interface TraceSession {
  readonly item: string
  readonly rounds: readonly TraceEventOf<'round'>[]
  readonly commits: readonly TraceEventOf<'commit'>[]
  readonly timings: readonly TraceEventOf<'timing'>[]
}

export interface SessionsToRead {
  /** Read these items only. Default: all. */
  readonly items?: ReadonlySet<string>
  /** Stop after so many items. Default: all. */
  readonly limit?: number
}

/**
 * Reads the finished items of a trace, and no further than asked.
 *
 * @throws DsdError with file and line where a line does not fit the trace schema.
 */
export async function readSessions(path: string, wanted: SessionsToRead = {}): Promise<TraceSession[]> {
  const { items, limit = items?.size ?? Number.POSITIVE_INFINITY } = wanted
  const sessions: TraceSession[] = []
  const stream = createReadStream(path, 'utf8')
  let open:
    | {
        item: string
        rounds: TraceEventOf<'round'>[]
        commits: TraceEventOf<'commit'>[]
        timings: TraceEventOf<'timing'>[]
      }
    | undefined
  let number = 0
  try {
    for await (const line of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) {
      number += 1
      const opens = line.includes('"session"')
      if (line === '' || (open === undefined && !opens)) continue
      const event = parseLine({ line, path, number })
      if (event.type === 'session') {
        const taken = items === undefined || items.has(event.item)
        open = taken ? { item: event.item, rounds: [], commits: [], timings: [] } : undefined
      } else if (event.type === 'round') open?.rounds.push(event)
      else if (event.type === 'commit') open?.commits.push(event)
      else if (event.type === 'timing') open?.timings.push(event)
      else if (open !== undefined) {
        sessions.push(open)
        open = undefined
        if (sessions.length >= limit) break
      }
    }
  } finally {
    stream.destroy()
  }
  return sessions
}

function parseLine({ line, path, number }: { line: string; path: string; number: number }): TraceEvent {
  const where = `${path}:${number}`
  const fix = 'run the experiment again to write the trace anew'
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch (cause) {
    throw new DsdError('is not a line of JSON', { kind: 'bad-input', where, fix, cause })
  }
  const checked = traceEventSchema.safeParse(value)
  if (checked.success) return checked.data
  throw new DsdError(`does not fit the trace schema: ${checked.error.issues[0]?.message ?? 'unknown event'}`, {
    kind: 'bad-input',
    where,
    fix,
  })
}
