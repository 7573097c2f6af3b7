import type { NumberItem } from '../datasets/task-item.ts'
import type { Verdict } from './grader.ts'

/** The last `#### n` of the answer, compared as a number with the expected one. */
export function gradeNumber(item: NumberItem, answerText: string): Verdict {
  const last = [...answerText.matchAll(/####\s*(-?\d+)(?![\d.])/g)].at(-1)?.[1]
  if (last === undefined) return { correct: false, reason: 'no line "#### n"' }
  const correct = BigInt(last) === BigInt(item.answer)
  return { correct, reason: correct ? `#### ${last}` : `#### ${last}, expected ${item.answer}` }
}
