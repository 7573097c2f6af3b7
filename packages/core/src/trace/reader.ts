import { z } from 'zod'
import { DsdError } from '../errors.ts'
import { TRACE_VERSION, type TraceEvent, traceEventSchema } from './schema.ts'

export interface ReadTrace {
  readonly events: readonly TraceEvent[]
  /** The unfinished last line of a file whose writer was killed; undefined when the file is whole. */
  readonly torn: string | undefined
}

/**
 * Reads a whole `trace.jsonl`. A last line without its newline is reported as torn, never parsed.
 * @param where the file, for the error line.
 * @throws DsdError `bad-input` naming the line that is not an event of this version.
 */
export function readTrace(text: string, where = 'trace'): ReadTrace {
  const lines = text.split('\n')
  const last = lines.pop()
  return {
    events: lines.map((line, index) => readEvent(line, `${where}:${index + 1}`)),
    torn: last === '' ? undefined : last,
  }
}

function readEvent(line: string, where: string): TraceEvent {
  const json = parseJson(line, where)
  const parsed = traceEventSchema.safeParse(json)
  if (parsed.success) return parsed.data
  const version = z.object({ type: z.literal('session'), version: z.number() }).safeParse(json)
  if (version.success && version.data.version > TRACE_VERSION) {
    throw new DsdError(`trace version ${version.data.version} is newer than ${TRACE_VERSION}`, {
      kind: 'bad-input',
      where,
      fix: 'read it with a newer DSD Lab',
    })
  }
  const issue = parsed.error.issues[0]
  throw unreadable(`${issue?.path.join('.') || 'event'} is wrong: ${issue?.message ?? 'not a trace event'}`, where)
}

function parseJson(line: string, where: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    throw unreadable('not a line of JSON', where)
  }
}

function unreadable(what: string, where: string): DsdError {
  return new DsdError(what, { kind: 'bad-input', where, fix: 'delete the file to have its cell run again' })
}
