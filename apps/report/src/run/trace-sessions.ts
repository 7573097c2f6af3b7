import { createReadStream } from 'node:fs'
import { readTrace, type TraceEventOf } from '@dsd-lab/core'

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
 * Reads items of a trace, and no further into the file than asked.
 *
 * @throws DsdError naming file and item where a line does not fit the trace schema.
 */
export async function readSessions(path: string, wanted: SessionsToRead = {}): Promise<TraceSession[]> {
  const { items, limit = Number.POSITIVE_INFINITY } = wanted
  const blocks = await firstBlocks(path, limit)
  return blocks.flatMap((block) => {
    const [opening = ''] = block.split('\n', 1)
    const { events } = readTrace(`${opening}\n`, path)
    const [session] = events
    if (session?.type !== 'session' || (items !== undefined && !items.has(session.item))) return []
    return [sorted(session.item, readTrace(block, `${path}, item ${session.item}`).events)]
  })
}

function sorted(item: string, events: ReturnType<typeof readTrace>['events']): TraceSession {
  return {
    item,
    rounds: events.filter((event) => event.type === 'round'),
    commits: events.filter((event) => event.type === 'commit'),
    timings: events.filter((event) => event.type === 'timing'),
  }
}

/** An item's lines run from the one that opens it to the next such line. */
const opensItem = /^(?=\{"type":"session")/m

async function firstBlocks(path: string, limit: number): Promise<string[]> {
  const stream = createReadStream(path, { encoding: 'utf8', highWaterMark: 256 * 1024 })
  let text = ''
  for await (const chunk of stream) {
    text += chunk
    // One more than asked has begun: the ones before it are whole.
    if (limit !== Number.POSITIVE_INFINITY && text.split(opensItem).length > limit + 1) break
  }
  stream.destroy()
  return text
    .split(opensItem)
    .filter((block) => block !== '')
    .slice(0, limit)
}
