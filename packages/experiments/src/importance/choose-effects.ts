import { PURPOSE, uniformField } from '@dsd-lab/core'
import type { AnswerEntry, Outcome, WorkEntry } from './schema.ts'
import type { TextWork } from './text-work.ts'

/** A flip whose effect size is to be sampled. */
export interface ChosenEffect {
  readonly text: TextWork
  readonly answer: AnswerEntry
  readonly outcome: Outcome
}

/** A keyed sample of the independent flips in the texts of a task. */
export function chooseEffects(
  texts: readonly TextWork[],
  entries: readonly WorkEntry[],
  count: number,
): ChosenEffect[] {
  return texts
    .flatMap((text) => {
      const own = entries.filter(({ key }) => key === text.key)
      const answer = own.find((entry) => entry.step === 'answer')
      if (answer === undefined) return []
      return own
        .flatMap((entry) => (entry.step === 'flips' ? entry.outcomes : []))
        .filter(({ kind }) => kind === 'independent')
        .map((outcome) => ({ text, answer, outcome, draw: drawOf(answer, outcome) }))
    })
    .sort((a, b) => a.draw - b.draw)
    .slice(0, count)
}

function drawOf({ sequence, promptTokens }: AnswerEntry, { at }: Outcome): number {
  return uniformField({ seed: 2, purpose: PURPOSE.WORKLOAD, sequence, position: promptTokens + at }).at(0)
}
