import type { TraceEvent, TraceEventOf } from '@dsd-lab/core'

/** Complete event of the Chrome trace format; times in microseconds. Opens in ui.perfetto.dev and chrome://tracing. */
interface CompleteEvent {
  readonly name: string
  readonly cat: 'draft' | 'link' | 'compute' | 'verdict' | 'round'
  readonly ph: 'X'
  readonly ts: number
  readonly dur: number
  readonly pid: number
  readonly tid: number
  readonly args: Readonly<Record<string, number>>
}

interface NameEvent {
  readonly name: 'process_name' | 'thread_name'
  readonly ph: 'M'
  readonly pid: number
  readonly tid: number
  readonly args: { readonly name: string }
}

export interface ChromeTrace {
  readonly displayTimeUnit: 'ms'
  readonly traceEvents: readonly (CompleteEvent | NameEvent)[]
}

/** The timed rounds of a trace: one process per prompt, one thread per place (coordinator, links, nodes, return link). */
export function chromeTrace(events: readonly TraceEvent[]): ChromeTrace {
  const traceEvents: (CompleteEvent | NameEvent)[] = []
  let pid = 0
  let rounds = new Map<number, TraceEventOf<'round'>>()
  for (const event of events) {
    if (event.type === 'session') {
      pid++
      rounds = new Map()
      traceEvents.push({ name: 'process_name', ph: 'M', pid, tid: 0, args: { name: event.item } })
    } else if (event.type === 'round') {
      rounds.set(event.index, event)
    } else if (event.type === 'timing') {
      if (event.index === 0) traceEvents.push(...threadNames(event, pid))
      traceEvents.push(...roundEvents({ timing: event, round: rounds.get(event.index), pid }))
    }
  }
  return { displayTimeUnit: 'ms', traceEvents }
}

const COORDINATOR = 0
const linkThread = (link: number): number => 1 + 2 * link
const nodeThread = (node: number): number => 2 + 2 * node

function threadNames({ computeMs }: TraceEventOf<'timing'>, pid: number): NameEvent[] {
  const named = (tid: number, name: string): NameEvent => ({ name: 'thread_name', ph: 'M', pid, tid, args: { name } })
  return [
    named(COORDINATOR, 'coordinator'),
    ...computeMs.flatMap((_, node) => [
      named(linkThread(node), node === 0 ? 'link to node 0' : `link ${node - 1} to ${node}`),
      named(nodeThread(node), `node ${node}`),
    ]),
    named(linkThread(computeMs.length), 'return link'),
  ]
}

function roundEvents({
  timing,
  round,
  pid,
}: {
  readonly timing: TraceEventOf<'timing'>
  readonly round: TraceEventOf<'round'> | undefined
  readonly pid: number
}): CompleteEvent[] {
  const events: CompleteEvent[] = []
  let atMs = timing.startMs
  const add = (
    event: Pick<CompleteEvent, 'name' | 'cat' | 'tid'>,
    ms: number,
    args: CompleteEvent['args'] = {},
  ): void => {
    events.push({ ...event, ph: 'X', pid, ts: Math.round(atMs * 1000), dur: Math.round(ms * 1000), args })
    atMs += ms
  }
  add({ name: 'draft', cat: 'draft', tid: COORDINATOR }, timing.draftMs, { steps: round?.draftSteps ?? 0 })
  for (const [node, computeMs] of timing.computeMs.entries()) {
    add({ name: 'window', cat: 'link', tid: linkThread(node) }, timing.linkMs[node] ?? 0, {
      bytes: timing.forwardBytes[node] ?? 0,
    })
    atMs += timing.queueMs[node] ?? 0
    add({ name: 'forward', cat: 'compute', tid: nodeThread(node) }, computeMs, { rows: round?.rows ?? 0 })
  }
  add({ name: 'verdict', cat: 'verdict', tid: linkThread(timing.computeMs.length) }, timing.returnMs, {
    bytes: timing.verdictBytes,
    accepted: round?.accepted ?? 0,
  })
  return events
}
