import { DsdError } from '../errors.ts'
import type { ActivationFormat } from './frames/activations.ts'
import type { Frame, NackReason, NodeReport, RoundId, SurveyFrame, VerdictFrame, WindowFrame } from './frames/frame.ts'
import type { LinkEnd, ShardCounters } from './host.ts'
import { SessionRegistry, type SessionRegistryOptions } from './session-registry.ts'
import type { ShardOutput } from './shard-compute.ts'
import { type ShardGuards, shardGuards } from './shard-guards.ts'
import type { QueuedWindow, ShardSession } from './shard-session.ts'

/** A frame to send. The delay of the link is filled in by whoever encodes it. */
export interface Outgoing {
  readonly to: LinkEnd
  readonly frame: Frame
}

/** A window being computed. */
export interface Service extends QueuedWindow {
  readonly session: ShardSession
  /** First row whose logits are wanted. */
  readonly logitsFrom: number
  readonly startedUs: number
}

export interface ShardMachineOptions extends Omit<SessionRegistryOptions, 'guards'> {
  /** 0 is the head. */
  readonly node: number
  readonly gen: number
  readonly boot: number
  /** How hidden states leave. Default `f32`. */
  readonly activations?: ActivationFormat | undefined
  readonly guards?: ShardGuards
}

interface Refusal {
  readonly reason: NackReason
  readonly detail?: string
  readonly error?: unknown
}

/** One shard without input, output or time: frames in, frames out, and which window to compute next. */
export class ShardMachine {
  readonly sessions: SessionRegistry
  readonly #options: ShardMachineOptions
  /** One entry for each window that was admitted, in order. */
  readonly #order: ShardSession[] = []
  readonly #counters = { windows: 0, verdicts: 0, stale: 0, duplicates: 0, nacks: 0, badFrames: 0, rowsComputed: 0 }

  constructor(options: ShardMachineOptions) {
    this.#options = options
    this.sessions = new SessionRegistry({ ...options, guards: options.guards ?? shardGuards })
  }

  get counters(): ShardCounters {
    return this.#counters
  }

  /** Whether `next` has anything to look at. */
  get hasWork(): boolean {
    return this.#order.length > 0
  }

  receive(frame: Frame, nowUs: number): Outgoing[] {
    switch (frame.type) {
      case 'window':
        return this.#window(frame, nowUs)
      case 'cancel':
        this.sessions.get(frame.session)?.cancel(frame)
        return []
      case 'close':
        this.sessions.close(frame)
        return []
      case 'survey':
        return [{ to: 'coordinator', frame: this.#status(frame) }]
      case 'verdict':
      case 'status':
      case 'nack':
        return this.#nack(frame, { reason: 'bad-frame', detail: `a ${frame.type} frame is not for a shard` })
    }
  }

  /** Answers a frame that could not be read. */
  refuse({ detail, round }: { readonly detail: string; readonly round: RoundId | undefined }): Outgoing[] {
    const nowhere = { gen: this.#options.gen, session: 0, term: 0, epoch: 0, seq: 0 }
    return this.#nack(round ?? nowhere, { reason: 'bad-frame', detail })
  }

  /** The next window to compute, in the order of admission; stale ones are dropped on the way. */
  next(nowUs: number): Service | undefined {
    for (let session = this.#order.shift(); session !== undefined; session = this.#order.shift()) {
      const queued = session.take()
      if (queued === undefined) continue
      if (session.isCurrent(queued.window)) {
        const logitsFrom = session.tail?.logitsFrom(queued.window) ?? 0
        return { ...queued, session, logitsFrom, startedUs: nowUs }
      }
      this.#counters.stale++
    }
    return undefined
  }

  /** The engine is done. `nowUs` is asked after judging, which is part of the compute time. */
  complete(service: Service, output: ShardOutput, nowUs: () => number): Outgoing[] {
    const { session, window, startedUs, admittedUs } = service
    this.#counters.rowsComputed += window.ids.length
    if (!session.isCurrent(window)) {
      this.#counters.stale++
      return []
    }
    const answer = output.kind === 'hidden' ? this.#onward(window, output.hidden) : this.#judge(service, output.logits)
    const own = { queueUs: startedUs - admittedUs, computeUs: nowUs() - startedUs, linkUs: 0 }
    const frame = answer && { ...answer, trailer: [...window.trailer, own] }
    session.finish(window, frame)
    return answered(frame)
  }

  /** The engine or the rule failed on this window. */
  fail({ session, window }: Service, error: unknown): Outgoing[] {
    if (!session.isCurrent(window)) return []
    session.abandon()
    return this.#nack(window, { reason: 'failed', error })
  }

  #window(window: WindowFrame, nowUs: number): Outgoing[] {
    const { gen, node } = this.#options
    this.#counters.windows++
    if (window.gen !== gen)
      return this.#nack(window, { reason: 'wrong-plan', detail: `plan ${gen}, not ${window.gen}` })
    if ((window.hidden !== undefined) !== node > 0) {
      const detail = node > 0 ? 'hidden states are missing' : 'the head takes ids, not hidden states'
      return this.#nack(window, { reason: 'bad-frame', detail })
    }
    const lookup = this.sessions.for(window)
    const admission = lookup.kind === 'found' ? lookup.session.admit(window, nowUs) : lookup
    switch (admission.kind) {
      case 'queued':
        if (lookup.kind === 'found') this.#order.push(lookup.session)
        return []
      case 'stale':
        this.#counters.stale++
        return []
      case 'repeated':
        this.#counters.duplicates++
        return answered(admission.answer)
      case 'refused':
        return this.#nack(window, admission)
    }
  }

  #onward({ activations: _, ...window }: WindowFrame, hidden: Float32Array): Omit<WindowFrame, 'trailer'> {
    const { activations = 'f32' } = this.#options
    return { ...window, hidden, ...(activations !== 'f32' && { activations }) }
  }

  #judge({ session, window }: Service, logits: Float32Array): Omit<VerdictFrame, 'trailer'> | undefined {
    const judgement = session.tail?.judge(window, logits, session.digests)
    if (judgement === undefined) return undefined
    if (!judgement.dead) this.#counters.verdicts++
    return { ...roundOf(window), type: 'verdict', start: window.start, ...judgement }
  }

  #status(survey: SurveyFrame): Frame {
    const session = this.sessions.get(survey.session)
    const newest = { epoch: Math.max(session?.epoch ?? 0, 0), seq: Math.max(session?.lastSeq ?? 0, 0) }
    const open = session !== undefined
    return { type: 'status', ...roundOf(survey), ...this.#report(session), ...newest, survey: survey.seq, open }
  }

  #nack(round: RoundId, { reason, detail, error }: Refusal): Outgoing[] {
    this.#counters.nacks++
    if (reason === 'bad-frame') this.#counters.badFrames++
    const report = this.#report(this.sessions.get(round.session))
    const kind = error instanceof DsdError ? error.kind : 'protocol'
    const why = { reason, kind, detail: detail ?? (error === undefined ? '' : lineOf(error)) } as const
    return [{ to: 'coordinator', frame: { type: 'nack', ...roundOf(round), ...report, ...why } }]
  }

  #report(session: ShardSession | undefined): NodeReport {
    const { node, boot } = this.#options
    const length = session?.secured ?? 0
    return { node, boot, length, ladder: session?.digests.ladder(length) ?? [] }
  }
}

function answered(frame: WindowFrame | VerdictFrame | undefined): Outgoing[] {
  return frame === undefined ? [] : [{ to: frame.type === 'window' ? 'next' : 'coordinator', frame }]
}

function roundOf({ gen, session, term, epoch, seq }: RoundId): RoundId {
  return { gen, session, term, epoch, seq }
}

function lineOf(error: unknown): string {
  if (error instanceof DsdError) return error.line
  return error instanceof Error ? error.message : String(error)
}
