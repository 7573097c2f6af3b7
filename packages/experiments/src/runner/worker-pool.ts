import { type ChildProcess, fork } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DsdError } from '@dsd-lab/core'
import type { Job, JobError, JobProgress, JobRequest, JobResponse, JobResult } from './decode/job.ts'
import type { PairRequest } from './decode/model-pair.ts'
import type { TokensCommitted } from './decode/text-request.ts'

export interface WorkerPoolOptions {
  /** Number of processes. >= 1 */
  readonly jobs: number
  readonly pair: PairRequest
  /** Ends all work at once. */
  readonly signal: AbortSignal
}

/** Worker processes that take jobs in turn. They start, and load the models, when there is work for them. */
export class WorkerPool implements AsyncDisposable {
  readonly #options: WorkerPoolOptions
  readonly #waiting: Waiting[] = []
  readonly #workers = new Set<Worker>()
  readonly #interrupt = (): void => this.abort(this.#options.signal.reason)
  readonly #kill = (): void => this.#killAll()
  #ended: { readonly reason: unknown } | undefined

  constructor(options: WorkerPoolOptions) {
    this.#options = options
    options.signal.addEventListener('abort', this.#interrupt)
    // Aborted while large models were opened for the manifest: no event will come any more.
    if (options.signal.aborted) this.#interrupt()
    process.on('exit', this.#kill)
  }

  /**
   * @param committed told of tokens as they are committed
   * @throws DsdError as the worker had it, or `environment` when two workers died of it; the reason when aborted.
   */
  run(job: Job, committed: TokensCommitted = () => {}): Promise<JobResult> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended.reason)
    return new Promise<JobResult>((resolve, reject) => this.#enqueue({ job, committed, resolve, reject, attempts: 1 }))
  }

  /** Ends all work; every job under way or waiting fails with the reason. */
  abort(reason: unknown): void {
    this.#ended ??= { reason }
    for (const { reject } of this.#waiting.splice(0)) reject(this.#ended.reason)
    this.#killAll()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#options.signal.removeEventListener('abort', this.#interrupt)
    process.off('exit', this.#kill)
    const ended = [...this.#workers].map(({ child }) => new Promise<void>((done) => child.once('exit', () => done())))
    this.#killAll()
    await Promise.all(ended)
  }

  #start(): void {
    const worker: Worker = {
      child: fork(script, { execArgv: interpreterOptions(), stdio: 'inherit', env: environment(this.#options.jobs) }),
      current: undefined,
      loaded: false,
    }
    this.#workers.add(worker)
    worker.child.on('message', (message: JobResponse | JobProgress) => {
      if ('tokens' in message) worker.current?.committed(message.tokens)
      else this.#settle(worker, message)
    })
    worker.child.on('error', (error) => this.#lost(worker, error.message))
    worker.child.on('exit', (code, signal) => this.#lost(worker, signal ?? `exit code ${code}`))
  }

  /** Gives what waits to idle workers, and starts those that are missing for it. */
  #handOut(): void {
    const idle = [...this.#workers].filter((worker) => worker.current === undefined).length
    const missing = Math.min(this.#waiting.length - idle, this.#options.jobs - this.#workers.size)
    for (let started = 0; started < missing; started++) this.#start()
    for (const worker of this.#workers) {
      if (worker.current !== undefined) continue
      const next = this.#waiting.shift()
      if (next === undefined) return
      worker.current = next
      const needsModels = next.job.kind === 'record' || next.job.kind === 'decode'
      const loads = needsModels && !worker.loaded
      send(
        worker.child,
        loads ? { id: LOAD, job: { kind: 'load', pair: this.#options.pair } } : { id: WORK, job: next.job },
      )
    }
  }

  #settle(worker: Worker, { id, outcome }: JobResponse): void {
    const { current } = worker
    if (current === undefined) return
    if (id === LOAD && outcome.ok) {
      worker.loaded = true
      send(worker.child, { id: WORK, job: current.job })
      return
    }
    worker.current = undefined
    if (outcome.ok) current.resolve(outcome.result)
    else current.reject(revived(outcome.error))
    this.#handOut()
  }

  /** A job whose process died is given to another one, once: its work is pure, so nothing is done twice. */
  #lost(worker: Worker, how: string): void {
    const { current } = worker
    this.#workers.delete(worker)
    worker.current = undefined
    if (current === undefined) return
    if (this.#ended !== undefined) current.reject(this.#ended.reason)
    else if (current.attempts === 1) this.#enqueue({ ...current, attempts: 2 })
    else {
      current.reject(lostTwice(how))
      this.#handOut()
    }
  }

  #enqueue(job: Waiting): void {
    this.#waiting.push(job)
    this.#handOut()
  }

  #killAll(): void {
    for (const { child } of this.#workers) child.kill('SIGKILL')
  }
}

interface Waiting {
  readonly job: Job
  readonly committed: TokensCommitted
  readonly attempts: 1 | 2
  resolve(result: JobResult): void
  reject(error: unknown): void
}

interface Worker {
  readonly child: ChildProcess
  current: Waiting | undefined
  loaded: boolean
}

const LOAD = 0
const WORK = 1

const extension = extname(fileURLToPath(import.meta.url))
const script = new URL(`./decode/worker${extension}`, import.meta.url)

/** Several workers share the cores; threads decide how fast, and no bit. */
function environment(jobs: number): NodeJS.ProcessEnv {
  if (jobs === 1 || process.env.DSD_THREADS) return process.env
  return { ...process.env, DSD_THREADS: String(Math.max(1, Math.floor(availableParallelism() / jobs))) }
}

/** As this process runs; from source a TypeScript loader is added where something else (a test runner) stands in for it here. */
function interpreterOptions(): string[] {
  const options = process.execArgv.filter((option) => !option.startsWith('--inspect'))
  const loads = options.some((option) => option.includes('tsx'))
  return loads ? options : [...options, '--import', import.meta.resolve('tsx')]
}

function lostTwice(how: string): DsdError {
  return new DsdError(`two worker processes ended unexpectedly (${how})`, {
    kind: 'environment',
    fix: 'run the same command again: finished work is kept; with less memory use --jobs 1',
  })
}

function send(child: ChildProcess, request: JobRequest): void {
  child.send(request)
}

function revived({ message, stack, kind, where, fix }: JobError): Error {
  const error =
    kind === undefined
      ? new Error(message)
      : new DsdError(message, {
          kind,
          ...(where === undefined ? {} : { where }),
          ...(fix === undefined ? {} : { fix }),
        })
  if (stack !== undefined) error.stack = stack
  return error
}
