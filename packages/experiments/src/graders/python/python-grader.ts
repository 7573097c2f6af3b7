import { DsdError } from '@dsd-lab/core'
import { z } from 'zod'
import { type PromptForm, wholeAnswer } from '../../datasets/prompt-form.ts'
import type { PythonProgramItem } from '../../datasets/task-item.ts'
import type { Verdict } from '../grader.ts'
import { type Judgement, settledVerdict } from '../judgement.ts'
import { requirePython } from './find-python.ts'
import { type PythonLimits, runWarden } from './judge-process.ts'
import { DEFAULT_LIMITS } from './limits.ts'
import { pythonProgram } from './program-of.ts'

export interface PythonGraderOptions extends Partial<PythonLimits> {
  /** Programs that are judged at the same time; default 2. */
  readonly workers?: number
}

/** `started` is false where the process of the program never began. */
const verdictSchema = z.object({ passed: z.boolean(), reason: z.string(), started: z.boolean().default(true) })

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

  /** @throws DsdError `environment` when there is no Python, or its processes cannot start; the reason of the end once disposed of. */
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
    this.#stop.abort(new DsdError('the judge was stopped', { kind: 'interrupted' }))
    await Promise.allSettled(this.#running)
  }

  async #judge(item: PythonProgramItem, text: string, form: PromptForm): Promise<Verdict> {
    const whole = {
      text: wholeAnswer(item, text, form),
      form: form === 'chat' ? ('answer' as const) : ('completion' as const),
    }
    const job = {
      program: pythonProgram(item, whole),
      // The open function, closed: what the tests may use of it is what stands before it.
      given: `${item.prompt}\n    pass\n`,
      entry: item.entry,
      test: item.test,
    }
    this.#python ??= requirePython(item.task).then(({ path }) => path)
    const python = await this.#python
    return settledVerdict({
      judge: () => this.#judgeOnce(python, job),
      control: () => this.#judgeOnce(python, HARMLESS),
    })
  }

  async #judgeOnce(python: string, job: PythonJob): Promise<Judgement> {
    const { signal } = this.#stop
    signal.throwIfAborted()
    const answer = await runWarden({ python, limits: this.#limits, job, signal })
    signal.throwIfAborted()
    const parsed = verdictSchema.safeParse(answer)
    if (!parsed.success) return { kind: 'no-verdict', reason: 'its judge was ended', blame: 'either' }
    const { passed, reason, started } = parsed.data
    const line = reason.split('\n')[0]?.slice(0, 200) ?? ''
    return started
      ? { kind: 'verdict', verdict: { correct: passed, reason: line } }
      : { kind: 'no-verdict', reason: line, blame: 'machine' }
  }
}

/** What the warden reads. */
interface PythonJob {
  readonly program: string
  readonly given: string
  readonly entry: string
  readonly test: string
}

const HARMLESS: PythonJob = {
  program: 'def one():\n    return 1\n',
  given: '',
  entry: 'one',
  test: 'def check(candidate):\n    assert candidate() == 1\n',
}
