import { classifyPiece } from '@dsd-lab/acceptance'
import { TOKEN_CLASSES, type TraceEvent } from '@dsd-lab/core'
import { clusteredWilson } from '../statistics/index.ts'
import type { DecodedItem, DecodingResult, TokenType, TypeCounts } from '../store/schema.ts'
import { sumPerPrompt, total } from './per-prompt.ts'
import { PLACES, placesOf } from './places.ts'

/** Counts what became of the drafts of one answer, by class and by place of the token that was committed. */
export function countTypes({
  events,
  pieces,
  startsInCode,
}: {
  readonly events: readonly TraceEvent[]
  readonly pieces: readonly string[]
  readonly startsInCode: boolean
}): TypeCounts[] {
  const places = placesOf(pieces, startsInCode)
  const counts = new Map<string, TypeCounts>()
  const tokens = events.flatMap((event) =>
    event.type === 'commit'
      ? event.origins.map((origin, index) => ({ origin, importance: event.importance?.[index] ?? undefined }))
      : [],
  )
  for (const [at, { origin, importance }] of tokens.entries()) {
    if (origin === 'bonus' || origin === 'target') continue
    for (const [by, name] of [
      ['class', classifyPiece(pieces[at] ?? '')],
      ['place', places[at] ?? 'prose'],
    ] as const) {
      const known = counts.get(`${by}/${name}`) ?? {
        by,
        name,
        kept: 0,
        relaxed: 0,
        corrected: 0,
        importance: 0,
        scored: 0,
      }
      counts.set(`${by}/${name}`, {
        ...known,
        kept: known.kept + (origin === 'draft' ? 1 : 0),
        relaxed: known.relaxed + (origin === 'relaxed' ? 1 : 0),
        corrected: known.corrected + (origin === 'correction' ? 1 : 0),
        importance: Number((known.importance + (importance ?? 0)).toFixed(4)),
        scored: known.scored + (importance === undefined ? 0 : 1),
      })
    }
  }
  return [...counts.values()]
}

/** Acceptance and importance of one variant on one task by type; empty where the decodings do not hold the counts. */
export function tokenTypesOf({
  variant,
  task,
  decodings,
  prompts,
}: {
  readonly variant: string
  readonly task: string
  readonly decodings: readonly DecodingResult[]
  readonly prompts: readonly string[]
}): TokenType[] {
  const items = decodings.flatMap((decoding) => decoding.items)
  return TYPES.flatMap(([by, name]) => {
    const sums = (measure: (counts: TypeCounts) => number): number[] =>
      sumPerPrompt({ items, prompts, of: (item) => countIn(item, { by, name }, measure) })
    const judged = sums(judgedOf)
    if (total(judged) === 0) return []
    const kept = sums((counts) => counts.kept + counts.relaxed)
    const scored = total(sums((counts) => counts.scored))
    return [
      {
        variant,
        task,
        by,
        name,
        judged: total(judged),
        // Of a type there may be a token or two, whose resamples are all alike: a bootstrap has no width there.
        acceptance: clusteredWilson(
          judged.map((trials, prompt) => ({ correct: kept[prompt] ?? 0, trials })).filter(({ trials }) => trials > 0),
        ),
        relaxed: total(sums((counts) => counts.relaxed)),
        corrected: total(sums((counts) => counts.corrected)),
        meanImportance: scored === 0 ? null : total(sums((counts) => counts.importance)) / scored,
      },
    ]
  })
}

const TYPES: readonly (readonly [TypeCounts['by'], string])[] = [
  ...TOKEN_CLASSES.map((name) => ['class', name] as const),
  ...PLACES.map((name) => ['place', name] as const),
]

function countIn(
  { types = [] }: DecodedItem,
  { by, name }: Pick<TypeCounts, 'by' | 'name'>,
  measure: (counts: TypeCounts) => number,
): number {
  const found = types.find((counts) => counts.by === by && counts.name === name)
  return found === undefined ? 0 : measure(found)
}

function judgedOf({ kept, relaxed, corrected }: TypeCounts): number {
  return kept + relaxed + corrected
}
