import {
  type AnswerEntry,
  type AnswerLine,
  type EffectLine,
  FLIP_KINDS,
  type Label,
  type Outcome,
  type WorkEntry,
} from './schema.ts'

/** The lines of `answers.jsonl`, `labels.jsonl` and `effects.jsonl`, in the order of the answers, the kinds of flips and the places. */
export function collectLabels(
  answers: readonly AnswerEntry[],
  entries: readonly WorkEntry[],
): {
  readonly answers: AnswerLine[]
  readonly labels: Label[]
  readonly effects: EffectLine[]
} {
  const work = grouped(entries)
  return {
    answers: answers.map(({ step: _, key: __, rows: ___, agrees, tokens, ...answer }) => ({
      ...answer,
      tokens: tokens.length,
      mismatches: agrees.filter((agree) => !agree).length,
    })),
    labels: answers.flatMap(({ key, task, item, sequence, promptTokens }) =>
      outcomesOf(work.get(key) ?? []).map((outcome) => ({
        task,
        item,
        sequence,
        position: promptTokens + outcome.at,
        ...outcome,
      })),
    ),
    effects: answers.flatMap(({ key, task, item }) =>
      (work.get(key) ?? [])
        .flatMap((entry) => (entry.step === 'effect' ? [{ task, item, ...entry.effect }] : []))
        .sort((a, b) => a.at - b.at),
    ),
  }
}

function grouped(entries: readonly WorkEntry[]): Map<string, WorkEntry[]> {
  const groups = new Map<string, WorkEntry[]>()
  for (const entry of entries) groups.set(entry.key, [...(groups.get(entry.key) ?? []), entry])
  return groups
}

function outcomesOf(entries: readonly WorkEntry[]): Outcome[] {
  return entries
    .flatMap((entry) => (entry.step === 'flips' || entry.step === 'walk' ? entry.outcomes : []))
    .sort((a, b) => FLIP_KINDS.indexOf(a.kind) - FLIP_KINDS.indexOf(b.kind) || a.at - b.at)
}
