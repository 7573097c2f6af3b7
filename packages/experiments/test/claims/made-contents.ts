import { TRACE_VERSION, type TraceEvent } from '@dsd-lab/core'
import { EVIDENCE_FILES, type EvidenceFile } from '../../src/evidence/evidence-schema.ts'
import { packLines } from '../../src/evidence/json-lines.ts'
import { retimeText } from '../../src/runner/retime-text.ts'
import { textsOf } from '../../src/runner/traced-text.ts'
import type { Decoding, Manifest } from '../../src/store/schema.ts'
import { type MadeAnswer, type MadeStudy, TASK } from './made-study.ts'

/** The files of a study as evidence keeps them. */
export async function contentsOf(study: MadeStudy, manifest: Manifest): Promise<Map<EvidenceFile, Uint8Array>> {
  const decoded = manifest.decodings.map((decoding) => ({ decoding, answers: answersOf(study, decoding) }))
  const traces = decoded.map(({ decoding, answers }) => ({
    decoding: decoding.id,
    events: answers.flatMap(({ item, sequence, gamma, answer }) => eventsOf({ item, sequence, gamma, answer })),
  }))
  return new Map<EvidenceFile, Uint8Array>([
    [EVIDENCE_FILES.manifest, Buffer.from(JSON.stringify(manifest))],
    [
      EVIDENCE_FILES.decodings,
      await packLines(
        decoded.map(({ decoding, answers }) => ({
          schema: 1,
          decoding,
          byPosition: { trials: [], kept: [] },
          method: study.arms.find(({ id }) => id === decoding.variant)?.replayed === true ? 'replayed' : 'decoded',
          items: answers.map(({ item, sequence, answer: { rounds, text = '', correct = true } }) => ({
            item,
            sequence,
            promptTokens: 4,
            tokens: rounds.reduce((sum, tokens) => sum + tokens, 0),
            rounds: rounds.length,
            drafted: 0,
            accepted: 0,
            relaxed: 0,
            mismatches: 0,
            correct,
            reason: '',
            prompt: '',
            text,
            pieces: [],
          })),
        })),
      ),
    ],
    [
      EVIDENCE_FILES.cells,
      await packLines(
        manifest.cells.map((cell) => {
          const condition = manifest.conditions.find(({ id }) => id === cell.condition)
          const events = traces.find(({ decoding }) => decoding === cell.decoding)?.events ?? []
          if (condition === undefined) throw new Error('no such network')
          const items = textsOf(events).map(
            (text) => retimeText({ text, condition, seed: cell.seed, hiddenSize: 8 }).item,
          )
          return { schema: 1, cell, clock: 'virtual', items }
        }),
      ),
    ],
    [EVIDENCE_FILES.traces, await packLines(traces)],
    [EVIDENCE_FILES.live, await packLines(livesOf(study, manifest))],
  ])
}

/** Live cells of two prompts each. */
function livesOf({ arms }: MadeStudy, { cells }: Manifest): unknown[] {
  return arms.flatMap(({ id, liveIsSame }) => {
    const cell = cells.find(({ variant }) => variant === id)
    if (liveIsSame === undefined || cell === undefined) return []
    const item = { tokens: 12, rounds: 3, totalMs: 1, firstTokenMs: 1, forwardBytes: 1, verdictBytes: 1 }
    const result = {
      schema: 1,
      cell,
      clock: 'live',
      items: [0, 1].map((place) => ({ item: `${TASK}/${place}`, ...item })),
      identical: liveIsSame,
      firstDifference: null,
      links: [],
      measuredCompute: { baseMs: 1, perRowMs: 0, draftStepMs: 0 },
      predictedMs: 1,
      measuredMs: 1,
    }
    return [{ result, trace: [] }]
  })
}

interface PlacedAnswer {
  readonly item: string
  readonly sequence: number
  readonly gamma: number
  readonly answer: MadeAnswer
}

function answersOf({ arms, prompts }: MadeStudy, { variant, seed }: Decoding): PlacedAnswer[] {
  const arm = arms.find(({ id }) => id === variant)
  return Array.from({ length: prompts }, (_, sequence) => sequence).flatMap((sequence) => {
    const answer = arm?.answer(sequence, seed)
    return arm === undefined || answer === undefined
      ? []
      : [{ item: `${TASK}/${sequence}`, sequence, gamma: arm.gamma, answer }]
  })
}

function eventsOf({ item, sequence, gamma, answer: { rounds } }: PlacedAnswer): TraceEvent[] {
  const events: TraceEvent[] = [{ type: 'session', version: TRACE_VERSION, item, sequence, promptTokens: 4 }]
  let position = 3
  for (const [index, tokens] of rounds.entries()) {
    events.push(
      {
        type: 'round',
        index,
        at: position,
        rows: gamma + 1,
        forced: 0,
        drafted: Array.from({ length: gamma }, () => 1),
        accepted: tokens - 1,
        next: 1,
        draftSteps: gamma,
        retries: 0,
      },
      {
        type: 'commit',
        round: index,
        position: position + 1,
        tokens: Array.from({ length: tokens }, () => 1),
        origins: Array.from({ length: tokens }, () => 'correction' as const),
      },
    )
    position += tokens
  }
  return events
}
