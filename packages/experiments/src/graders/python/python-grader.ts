import { z } from 'zod'
import { type PromptForm, wholeAnswer } from '../../datasets/prompt-form.ts'
import type { PythonProgramItem } from '../../datasets/task-item.ts'
import type { Verdict } from '../grader.ts'
import { requirePython } from './find-python.ts'
import { type PythonLimits, runWarden } from './judge-process.ts'
import { DEFAULT_LIMITS } from './limits.ts'
import { pythonProgram } from './program-of.ts'

export interface PythonGraderOptions extends Partial<PythonLimits> {
  /** Programs that are judged at the same time; default 2. */
  readonly workers?: number
}

const verdictSchema = z.object({ passed: z.boolean(), reason: z.string() })

/**
 * Judges Python functions by running them, each in processes of its own that end with everything they started. The tests run in a process
 * that the program cannot reach, and only plain values cross: a program can neither read what is expected nor say itself that it passed.
 */
export class PythonGrader implements AsyncDisposable {
  readonly #limits: PythonLimits
  readonly #stop = new AbortController()
  readonly #running = new Set<Promise<unknown>>()
  readonly #waiting: (() => void)[] = []
  #python: Promise<string> | undefined
  #free: number

  constructor({ workers = 2, ...limits }: PythonGraderOptions = {}) {
    this.#limits = { ...DEFAULT_LIMITS, ...limits }
    this.#free = Math.max(1, workers)
  }

  /** @throws DsdError `environment` when there is no Python. */
  async grade(item: PythonProgramItem, text: string, form: PromptForm): Promise<Verdict> {
    if (this.#free > 0) this.#free--
    else await new Promise<void>((go) => this.#waiting.push(go))
    const judged = this.#judge(item, text, form)
    this.#running.add(judged)
    try {
      return await judged
    } finally {
      this.#running.delete(judged)
      const next = this.#waiting.shift()
      if (next === undefined) this.#free++
      else next()
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort()
    await Promise.allSettled(this.#running)
  }

  async #judge(item: PythonProgramItem, text: string, form: PromptForm): Promise<Verdict> {
    this.#python ??= requirePython(item.task).then(({ path }) => path)
    const whole = {
      text: wholeAnswer(item, text, form),
      form: form === 'chat' ? ('answer' as const) : ('completion' as const),
    }
    const answer = await runWarden({
      python: await this.#python,
      limits: this.#limits,
      job: {
        program: pythonProgram(item, whole),
        // The open function, closed: what the tests may use of it is what stands before it.
        given: `${item.prompt}\n    pass\n`,
        entry: item.entry,
        test: item.test,
      },
      signal: this.#stop.signal,
    })
    const verdict = verdictSchema.safeParse(answer)
    if (!verdict.success) return { correct: false, reason: 'its judge was ended' }
    const { passed, reason } = verdict.data
    return { correct: passed, reason: reason.split('\n')[0]?.slice(0, 200) ?? '' }
  }
}
