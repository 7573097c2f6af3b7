import type { ProgramItem } from '../datasets/task-item.ts'
import type { Verdict } from './grader.ts'
import { type Judgement, type NoVerdict, settledVerdict } from './judgement.ts'
import { type Outcome, Sandbox, type SandboxLimits } from './sandbox.ts'

export interface ProgramGraderOptions extends Partial<SandboxLimits> {
  /** Processes that judge at the same time; defaults to 2. */
  readonly workers?: number
}

/** Runs programs against their hidden tests: 5000 ms (generous, so that a busy machine changes no verdict) and 64 MB each unless said. The expected values stay in this process. */
export class ProgramGrader implements AsyncDisposable {
  readonly #sandboxes: readonly Sandbox[]
  readonly #free: Sandbox[]
  readonly #waiting: ((sandbox: Sandbox) => void)[] = []

  constructor({ workers = 2, wallMs = 5000, memoryMb = 64 }: ProgramGraderOptions = {}) {
    this.#sandboxes = Array.from({ length: Math.max(1, workers) }, () => new Sandbox({ wallMs, memoryMb }))
    this.#free = [...this.#sandboxes]
  }

  /** @throws DsdError `environment` when no process can be started, or it is killed from outside. */
  async grade(item: ProgramItem, answerText: string): Promise<Verdict> {
    const sandbox = this.#free.pop() ?? (await new Promise<Sandbox>((take) => this.#waiting.push(take)))
    try {
      const args = item.hiddenTests.map((test) => test.args)
      const job = { code: programText(item.prompt, answerText), entry: item.entry, args }
      return await settledVerdict({ judge: async () => judged(item, await sandbox.run(job)) })
    } finally {
      const next = this.#waiting.shift()
      if (next === undefined) this.#free.push(sandbox)
      else next(sandbox)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#sandboxes.map((sandbox) => sandbox[Symbol.asyncDispose]()))
  }
}

/** The prompt with its continuation up to the line that closes the function: what a model says after that is not the program. */
export function programText(prompt: string, answerText: string): string {
  const close = answerText.indexOf('\n}')
  return prompt + (close < 0 ? answerText : answerText.slice(0, close + 2))
}

function judged(item: ProgramItem, outcome: Outcome): Judgement {
  return outcome.kind === 'no-verdict' ? outcome : { kind: 'verdict', verdict: verdictOf(item, outcome) }
}

function verdictOf(item: ProgramItem, outcome: Exclude<Outcome, NoVerdict>): Verdict {
  if (outcome.kind === 'failed') return { correct: false, reason: outcome.reason }
  const values = parsedList(outcome.json)
  if (values?.length !== item.hiddenTests.length) return { correct: false, reason: 'gave no readable values' }
  for (const [index, test] of item.hiddenTests.entries()) {
    const expected = JSON.stringify(test.expected)
    const value = JSON.stringify(values[index])
    if (value !== expected) return { correct: false, reason: `test ${index + 1}: expected ${expected}, got ${value}` }
  }
  return { correct: true, reason: `passed ${item.hiddenTests.length} tests` }
}

function parsedList(json: string): readonly unknown[] | undefined {
  try {
    const values: unknown = JSON.parse(json)
    return Array.isArray(values) ? values : undefined
  } catch {
    return undefined
  }
}
