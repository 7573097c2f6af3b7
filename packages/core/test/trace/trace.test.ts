import type { Commit, Round } from '@dsd-lab/core'
import { commitEvent, DsdError, readTrace, roundEvent, sessionEvent, timingEvent, traceLine } from '@dsd-lab/core'
import { describe, expect, it } from 'vitest'

const round: Round = {
  index: 0,
  committedBefore: 4,
  rows: 7,
  forced: 4,
  drafted: [11, 12],
  accepted: 1,
  next: 9,
  annotations: [{ origin: 'draft', importance: 0.25, reasons: ['number'] }, { origin: 'correction' }],
  draftSteps: 2,
  retries: 0,
  timing: { startMs: 0, draftMs: 2, computeMs: [1, 1], queueMs: [0, 0], linkMs: [5, 5], returnMs: 5, totalMs: 19 },
  bytes: { forward: [100, 200], verdict: 88 },
}
const commit: Commit = { position: 5, tokens: [11, 9], annotations: round.annotations, round, finish: 'eos' }
const events = [
  sessionEvent({ item: 'word-problems/heldout/1/0', sequence: 0, promptTokens: 5 }),
  roundEvent(round),
  commitEvent(commit),
  timingEvent(round),
  { type: 'end', item: 'word-problems/heldout/1/0', tokens: 2, rounds: 1, totalMs: 19 } as const,
]
const file = events.map(traceLine).join('')

describe('trace.jsonl', () => {
  it('reads back what was written', () => {
    expect(readTrace(file)).toEqual({ events, torn: undefined })
  })

  it('writes null for a token that the rule did not score, and leaves out what no token has', () => {
    const event = commitEvent(commit)
    expect(event.importance).toEqual([0.25, null])
    expect(event).not.toHaveProperty('entropyNats')
  })

  it('keeps every whole event of a file whose writer was killed, and hands back the torn line', () => {
    for (let cut = 0; cut < file.length; cut++) {
      const { events: read, torn = '' } = readTrace(file.slice(0, cut))
      expect(read.map(traceLine).join('') + torn).toBe(file.slice(0, cut))
    }
  })

  it('names the line that is not an event', () => {
    const lineOf = (text: string): string => {
      try {
        readTrace(text, 'cells/a/trace.jsonl')
      } catch (error) {
        if (error instanceof DsdError) return error.line
      }
      return 'accepted'
    }
    expect(lineOf(`${file}{"type":"round"}\n`)).toMatch(/^cells\/a\/trace\.jsonl:6: .*delete the file/)
    expect(lineOf('not json\n')).toContain('cells/a/trace.jsonl:1: not a line of JSON')
    expect(lineOf(file.replace('"version":1', '"version":2'))).toContain('trace version 2 is newer than 1')
  })
})
