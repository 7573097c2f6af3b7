import {
  type AnswerEntry,
  type AnswerLine,
  type EffectLine,
  FLIP_KINDS,
  type Label,
  type Outcome,
  type WorkEntry,
} from './schema.ts'

/** The lines of `answers.jsonl`, `labels.jsonl` and `effects.jsonl`, in the order of the items, the kinds of flips and the places. */
export function collectLabels(entries: readonly WorkEntry[]): {
  readonly answers: AnswerLine[]
  readonly labels: Label[]
  readonly effects: EffectLine[]
} {
  const answers = entries.filter((entry): entry is AnswerEntry => entry.step === 'answer')
  const labels = answers.flatMap((answer) =>
    outcomesOf(answer, entries).map((outcome) => ({
      task: answer.task,
      item: answer.item,
      sequence: answer.sequence,
      position: answer.promptTokens + outcome.at,
      ...outcome,
    })),
  )
  const effects = entries.flatMap((entry) =>
    entry.step === 'effect' ? [{ task: entry.task, item: entry.item, ...entry.effect }] : [],
  )
  return {
    answers: answers.map(({ step: _, rows: __, agrees, tokens, ...answer }) => ({
      ...answer,
      tokens: tokens.length,
      mismatches: agrees.filter((agree) => !agree).length,
    })),
    labels,
    effects: effects.sort((a, b) => compare(a.task, b.task) || compare(a.item, b.item) || a.at - b.at),
  }
}

function outcomesOf({ task, item }: AnswerEntry, entries: readonly WorkEntry[]): Outcome[] {
  return entries
    .flatMap((entry) =>
      (entry.step === 'flips' || entry.step === 'walk') && entry.task === task && entry.item === item
        ? entry.outcomes
        : [],
    )
    .sort((a, b) => FLIP_KINDS.indexOf(a.kind) - FLIP_KINDS.indexOf(b.kind) || a.at - b.at)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
