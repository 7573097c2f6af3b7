import type { Round, SessionRequest, TargetSession } from '../decoding/target.ts'
import type { DraftWindow } from '../drafting/drafter.ts'
import { DsdError } from '../errors.ts'
import type { TokenId } from '../tokens.ts'
import type { AppliedRound, CoordinatorEffect, FailedRound } from './coordinator-effects.ts'
import type { CoordinatorMachine } from './coordinator-machine.ts'
import type { ActivationFormat } from './frames/activations.ts'
import type { Frame } from './frames/frame.ts'
import { reportRound } from './round-report.ts'

/** What a session needs of whoever drives it: links and time. */
export interface CoordinatorPort {
  /** Milliseconds since the session opened. */
  now(): number
  /** On a virtual clock: lets the drafting time pass. */
  spend?(ms: number): Promise<void>
  /** Returns the microseconds that the link will hold the frame. */
  send(to: 'head' | 'all', frame: Frame): number
  /** A round of so many rows now waits for its nodes; undefined: nothing waits any more. */
  wait(rows: number | undefined): void
  /** A round has its verdict. */
  applied?(round: Round): void
  closed(): void
}

export interface CoordinatorSessionOptions {
  readonly machine: CoordinatorMachine
  readonly port: CoordinatorPort
  readonly request: SessionRequest
  readonly nodes: number
  readonly hiddenSize: number
  /** Only for counting bytes. */
  readonly activations: ActivationFormat | undefined
  readonly vocabSize: number
  nodeName(node: number): string
}

export interface Drafting {
  readonly startMs: number
  readonly draftMs: number
}

interface Pending extends Drafting {
  readonly draftSteps: number
  resolve(round: Round): void
  reject(error: Error): void
}

/** One text seen from the loops: a coordinator machine whose effects are carried out on a port. */
export class CoordinatorSession implements TargetSession {
  readonly #options: CoordinatorSessionOptions
  #pending: Pending | undefined
  #headLinkUs = 0
  #rounds = 0
  #lost: Error | undefined
  #verifying = false
  #closed = false

  constructor(options: CoordinatorSessionOptions) {
    this.#options = options
  }

  get committed(): readonly TokenId[] {
    return this.#options.machine.ledger.ids
  }

  now(): number {
    return this.#options.port.now()
  }

  async verify(window: DraftWindow, drafting: Drafting, signal?: AbortSignal): Promise<Round> {
    this.#check(window)
    if (signal?.aborted) throw interrupted(signal)
    const { machine, port } = this.#options
    const giveUp = () => {
      this.#perform(machine.cancel())
      this.#settle()?.reject(interrupted(signal))
    }
    this.#verifying = true
    try {
      await port.spend?.(drafting.draftMs)
      if (signal?.aborted) throw interrupted(signal)
      return await new Promise<Round>((resolve, reject) => {
        this.#pending = { ...drafting, draftSteps: window.steps, resolve, reject }
        signal?.addEventListener('abort', giveUp, { once: true })
        this.#perform(machine.propose({ drafted: window.tokens, laws: window.distributions }))
      })
    } catch (error) {
      this.#settle()
      this.#perform(machine.cancel())
      throw error
    } finally {
      this.#verifying = false
      signal?.removeEventListener('abort', giveUp)
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#perform(this.#options.machine.close())
    this.#settle()?.reject(new DsdError('the session was closed', { kind: 'interrupted', where: 'target' }))
    this.#options.port.closed()
  }

  receive(frame: Frame): void {
    this.#perform(this.#options.machine.receive(frame))
  }

  deadline(): void {
    this.#perform(this.#options.machine.deadline())
  }

  /** The nodes cannot be reached any more. */
  lost(error: Error): void {
    this.#lost = error
    this.#perform(this.#options.machine.cancel())
    this.#settle()?.reject(error)
  }

  #check({ tokens, steps }: DraftWindow): void {
    const { machine, request, vocabSize } = this.#options
    const wrong = (what: string, fix: string) => new DsdError(what, { kind: 'bad-input', where: 'verify', fix })
    if (this.#closed) throw wrong('the session is closed', 'open another one')
    if (machine.ended) throw wrong('the text has ended', 'open another session')
    if (this.#lost !== undefined) throw this.#lost
    if (this.#verifying) throw wrong('a round is in flight', 'await its verdict first')
    const room = request.maxLength - this.committed.length - 1
    if (tokens.length > room) {
      throw wrong(`a window of ${tokens.length} drafted tokens, room for ${room}`, 'draft fewer or raise maxLength')
    }
    const stranger = tokens.find((id) => !Number.isInteger(id) || id < 0 || id >= vocabSize)
    if (stranger !== undefined) throw wrong(`token ${stranger} is not in 0..${vocabSize - 1}`, 'check the draft model')
    if (!(steps >= 0)) throw wrong(`${steps} draft steps`, 'count the forward passes of the draft model')
  }

  #perform(effects: readonly CoordinatorEffect[]): void {
    const { machine, port } = this.#options
    let rows: number | undefined
    for (const effect of effects) {
      switch (effect.do) {
        case 'send': {
          const linkUs = port.send(effect.to, effect.frame)
          if (effect.frame.type === 'window') {
            this.#headLinkUs = linkUs
            rows = (rows ?? 0) + effect.frame.ids.length
          }
          break
        }
        case 'apply':
          this.#applied(effect.round)
          break
        case 'fail':
          this.#settle()?.reject(this.#errorOf(effect.failure))
      }
    }
    if (!machine.waiting) port.wait(undefined)
    else if (effects.length > 0) port.wait(rows ?? 1)
  }

  #applied(applied: AppliedRound): void {
    const pending = this.#settle()
    if (pending === undefined) return
    const { nodes, hiddenSize, activations } = this.#options
    const { startMs, draftMs, draftSteps } = pending
    const times = { startMs, draftMs, endMs: this.now(), headLinkUs: this.#headLinkUs }
    const round = reportRound({ index: this.#rounds, applied, draftSteps, ...times, nodes, hiddenSize, activations })
    this.#rounds++
    this.#options.port.applied?.(round)
    pending.resolve(round)
  }

  #settle(): Pending | undefined {
    const pending = this.#pending
    this.#pending = undefined
    return pending
  }

  #errorOf({ node, kind, what }: FailedRound): DsdError {
    const fix = kind === 'environment' ? 'look whether it still runs and decode the text again' : undefined
    return new DsdError(what, { kind, where: this.#options.nodeName(node), ...(fix && { fix }) })
  }
}

function interrupted(signal: AbortSignal | undefined): DsdError {
  return new DsdError('decoding was aborted', { kind: 'interrupted', cause: signal?.reason })
}
