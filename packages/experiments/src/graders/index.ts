import type { PromptForm } from '../datasets/prompt-form.ts'
import type { TaskItem } from '../datasets/task-item.ts'
import { gradeNumber } from './exact-number.ts'
import { gradeFinalNumber } from './final-number.ts'
import type { Grader, Verdict } from './grader.ts'
import { ProgramGrader, type ProgramGraderOptions } from './javascript.ts'
import { PythonGrader, type PythonGraderOptions } from './python/python-grader.ts'

export type { Grader, Verdict } from './grader.ts'
export type { ProgramGraderOptions } from './javascript.ts'
export type { PythonGraderOptions } from './python/python-grader.ts'

export interface GraderOptions extends ProgramGraderOptions {
  readonly python?: PythonGraderOptions
}

/** A grader for every kind of item. The processes for programs start with the first program. */
export function createGrader({ python = {}, ...options }: GraderOptions = {}): Grader {
  const programs = new ProgramGrader(options)
  const pythonPrograms = new PythonGrader(python)
  return {
    async grade(item: TaskItem, answerText: string, form: PromptForm = 'raw'): Promise<Verdict> {
      switch (item.kind) {
        case 'number':
          return gradeNumber(item, answerText)
        case 'final-number':
          return gradeFinalNumber(item, answerText)
        case 'program':
          return programs.grade(item, answerText)
        case 'python-program':
          return pythonPrograms.grade(item, answerText, form)
        case 'open':
          return { correct: null, reason: 'not graded' }
      }
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([programs[Symbol.asyncDispose](), pythonPrograms[Symbol.asyncDispose]()])
    },
  }
}
