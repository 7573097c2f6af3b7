import type { TaskItem } from '../datasets/task-item.ts'
import { gradeNumber } from './exact-number.ts'
import type { Grader, Verdict } from './grader.ts'
import { ProgramGrader, type ProgramGraderOptions } from './javascript.ts'

export type { Grader, Verdict } from './grader.ts'
export type { ProgramGraderOptions } from './javascript.ts'

/** A grader for every kind of item. The processes for programs start with the first program. */
export function createGrader(options: ProgramGraderOptions = {}): Grader {
  const programs = new ProgramGrader(options)
  return {
    grade: async (item: TaskItem, answerText: string): Promise<Verdict> =>
      item.kind === 'number' ? gradeNumber(item, answerText) : programs.grade(item, answerText),
    [Symbol.asyncDispose]: () => programs[Symbol.asyncDispose](),
  }
}
