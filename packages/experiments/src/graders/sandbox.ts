import { DsdError } from '@dsd-lab/core'
import { z } from 'zod'
import { GuestProcess } from './guest-process.ts'
import type { NoVerdict } from './judgement.ts'

export interface SandboxLimits {
  /** Wall time of one job, milliseconds. The process that overruns it is killed. */
  readonly wallMs: number
  /** Heap of the process, megabytes. */
  readonly memoryMb: number
}

/** A program, the function of it to call, and the arguments of each call. */
export interface Job {
  readonly code: string
  readonly entry: string
  readonly args: readonly (readonly unknown[])[]
}

/** What came of a job: the returned values as one JSON array, or what the program did instead, or what kept it from being run. */
export type Outcome =
  | { readonly kind: 'returned'; readonly json: string }
  | { readonly kind: 'failed'; readonly reason: string }
  | NoVerdict

/** No program in the guest can start a process or send a signal. */
const lost = (reason: string): NoVerdict => ({ kind: 'no-verdict', reason, blame: 'machine' })

const answerSchema = z.union([z.object({ values: z.string() }), z.object({ error: z.string() })])
const STARTUP_MS = 30_000

/** Runs one job at a time in a guest process, which it starts when needed and starts anew after a kill. */
export class Sandbox implements AsyncDisposable {
  readonly #limits: SandboxLimits
  #guest: GuestProcess | undefined
  #isDisposed = false

  constructor(limits: SandboxLimits) {
    this.#limits = limits
  }

  /** @throws DsdError `interrupted` once disposed of. */
  async run(job: Job): Promise<Outcome> {
    if (this.#isDisposed) throw new DsdError('the judge was stopped', { kind: 'interrupted' })
    const guest = await this.#started()
    if (guest === undefined) return lost('the sandbox process did not start')
    guest.send(JSON.stringify(job))
    const reply = await guest.next(this.#limits.wallMs)
    // A rejected import() hands the program an error of the guest's own realm: no later job may share that realm.
    if (reply.kind !== 'line' || /\bimport\b/.test(job.code)) await this.#discard()
    if (reply.kind === 'timeout') return { kind: 'failed', reason: `ran longer than ${this.#limits.wallMs} ms` }
    if (reply.kind === 'ended' && reply.killed) return lost('the sandbox process was killed')
    if (reply.kind === 'ended') {
      const reason = reply.outOfMemory ? `used more than ${this.#limits.memoryMb} MB` : 'ended its process'
      return { kind: 'failed', reason }
    }
    const answer = answerSchema.parse(JSON.parse(reply.text))
    return 'values' in answer ? { kind: 'returned', json: answer.values } : { kind: 'failed', reason: answer.error }
  }

  async #started(): Promise<GuestProcess | undefined> {
    if (this.#guest !== undefined) return this.#guest
    const guest = new GuestProcess(this.#limits.memoryMb)
    this.#guest = guest
    const hello = await guest.next(STARTUP_MS)
    if (hello.kind === 'line') return guest
    await this.#discard()
    return undefined
  }

  async #discard(): Promise<void> {
    const guest = this.#guest
    this.#guest = undefined
    await guest?.kill()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true
    await this.#discard()
  }
}
