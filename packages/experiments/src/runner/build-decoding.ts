import { type RuleSpec, sessionEvent, type TraceEvent, type TraceEventOf, traceLine } from '@dsd-lab/core'
import type { DecodedItem, Decoding, DecodingResult, Variant } from '../store/schema.ts'
import { addByPlace } from '../summary/per-prompt.ts'
import { countTypes } from '../summary/token-types.ts'
import type { TextEntry } from './decode/text-entry.ts'
import { entryEvents, isRecorded } from './entry-events.ts'
import type { ChosenWindows } from './replay-events.ts'
import { roundsOf } from './traced-text.ts'

export interface DecodingInput {
  readonly decoding: Decoding
  readonly variant: Variant
  /** The rule as it judged; null for plain decoding. */
  readonly accept: RuleSpec | null
  /** Texts of the pass, in the order of the task. */
  readonly entries: readonly TextEntry[]
  /** Prompts by item. */
  readonly prompts: ReadonlyMap<string, string>
  /** Items whose answer goes on with a program. */
  readonly programs: ReadonlySet<string>
  /** Set where windows are chosen on the way; texts then teach those after them. */
  readonly chosen?: ChosenWindows | undefined
}

/** The result and the trace of one decoding, from what the models did once. */
export function buildDecoding({ decoding, variant, accept, entries, prompts, programs, chosen }: DecodingInput): {
  readonly result: DecodingResult
  readonly trace: string
} {
  const replayed = accept !== null && entries.some(isRecorded)
  const texts = entries.map((entry) => ({
    entry,
    events: entryEvents({
      entry,
      gamma: variant.gamma,
      rule: accept,
      draftAhead: variant.draftAhead ?? false,
      chosen,
    }),
  }))
  const lines: TraceEvent[] = texts.flatMap(({ entry, events }) => {
    const { item, sequence, promptTokens } = entry
    const rounds = events.filter(({ type }) => type === 'round').length
    return [
      sessionEvent({ item, sequence, promptTokens }),
      ...events,
      { type: 'end' as const, item, tokens: entry.pieces.length, rounds },
    ]
  })
  return {
    trace: lines.map(traceLine).join(''),
    result: {
      schema: 1,
      decoding,
      items: texts.map(({ entry, events }) =>
        itemOf({
          entry,
          events,
          prompt: prompts.get(entry.item) ?? '',
          ...(accept === null ? {} : { startsInCode: programs.has(entry.item) }),
        }),
      ),
      byPosition: texts
        .map(({ events }) => keptByPosition(events))
        .reduce((sum, one) => ({ trials: addByPlace(sum.trials, one.trials), kept: addByPlace(sum.kept, one.kept) }), {
          trials: [],
          kept: [],
        }),
      method: replayed ? 'replayed' : 'decoded',
      accept: accept === null ? null : { ...accept },
    },
  }
}

function itemOf({
  entry,
  events,
  prompt,
  startsInCode,
}: {
  readonly entry: TextEntry
  readonly events: readonly TraceEvent[]
  readonly prompt: string
  /** Absent where nothing was drafted. */
  readonly startsInCode?: boolean
}): DecodedItem {
  const { item, sequence, promptTokens, correct, reason, text, pieces } = entry
  const rounds = events.filter((event) => event.type === 'round')
  const origins = events.flatMap((event) => (event.type === 'commit' ? event.origins : []))
  const countOf = (origin: (typeof origins)[number]): number => origins.filter((one) => one === origin).length
  const relaxed = countOf('relaxed')
  return {
    item,
    sequence,
    promptTokens,
    tokens: origins.length,
    rounds: rounds.length,
    drafted: rounds.reduce((sum, round) => sum + draftedIn(round), 0),
    accepted: countOf('draft') + relaxed,
    relaxed,
    mismatches: relaxed + countOf('correction'),
    correct,
    reason,
    prompt,
    text,
    pieces,
    ...(startsInCode === undefined ? {} : { types: countTypes({ events, pieces, startsInCode }) }),
  }
}

function draftedIn({ rows, forced }: TraceEventOf<'round'>): number {
  return rows - forced - 1
}

/** A place counts as tried when it was judged and its token became part of the text. */
function keptByPosition(events: readonly TraceEvent[]): DecodingResult['byPosition'] {
  const trials: number[] = []
  const kept: number[] = []
  for (const { round, commit } of roundsOf(events)) {
    for (const [place, origin] of (commit?.origins ?? []).entries()) {
      if (place >= draftedIn(round)) break
      trials[place] = (trials[place] ?? 0) + 1
      kept[place] = (kept[place] ?? 0) + (origin === 'draft' || origin === 'relaxed' ? 1 : 0)
    }
  }
  return { trials, kept }
}
