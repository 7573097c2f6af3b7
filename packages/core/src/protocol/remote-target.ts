import type { SessionRequest, Target, TargetInfo, TargetSession } from '../decoding/target.ts'
import { DsdError } from '../errors.ts'
import type { RuleResolver } from '../verification/rule.ts'
import { checkRequest } from './check-request.ts'
import { defaultPatience } from './coordinator-effects.ts'
import { CoordinatorMachine } from './coordinator-machine.ts'
import { type CoordinatorPort, CoordinatorSession } from './coordinator-session.ts'
import { decodeFrame } from './frames/decode.ts'
import { encodeFrame, frameBytes } from './frames/encode.ts'
import type { Frame } from './frames/frame.ts'
import { DEFAULT_MAX_ROWS } from './frames/limits.ts'
import type { RemoteTargetOptions } from './host.ts'
import { checkNodeCount } from './most-nodes.ts'
import { encodeOpen } from './open-request.ts'
import { RoundDeadline } from './round-deadline.ts'

/**
 * A target whose shards live behind a transport. A round without a verdict by its deadline is sent again with the same
 * bytes, then replayed from the ids that all nodes have in common, then it fails naming the node that is silent.
 */
export function remoteTarget(options: RemoteTargetOptions): Target {
  return new RemoteTarget(options)
}

class RemoteTarget implements Target {
  readonly info: TargetInfo
  readonly virtualDraftStepMs = undefined
  readonly resolveRule: RuleResolver
  readonly #options: RemoteTargetOptions
  readonly #sessions = new Map<number, CoordinatorSession>()
  readonly #deadline: RoundDeadline
  #lost: Error | undefined
  #opened = 0

  constructor(options: RemoteTargetOptions) {
    const { name, vocabSize, maxLength, eos, transport, resolveRule, deadlineMs } = options
    checkNodeCount(transport.nodes, name)
    this.#options = options
    this.resolveRule = resolveRule
    this.info = { name, vocabSize, nodes: transport.nodes, maxLength, eos }
    this.#deadline = new RoundDeadline(deadlineMs)
    transport.listen((bytes) => this.#receive(bytes))
    transport.onLost((error) => this.#lose(error))
  }

  async open(request: SessionRequest): Promise<TargetSession> {
    if (this.#lost !== undefined) throw this.#lost
    checkRequest(request, this.info)
    const { gen, term = 1, modelDigest, hiddenSize, maxRows = DEFAULT_MAX_ROWS, maxResyncs } = this.#options
    const { nodes, vocabSize } = this.info
    const id = this.#opened++
    const machine = new CoordinatorMachine({
      gen,
      session: id,
      term,
      nodes,
      open: encodeOpen(request, modelDigest),
      ids: request.prompt,
      eos: request.eos,
      maxRows,
      patience: { ...defaultPatience, ...(maxResyncs !== undefined && { replays: maxResyncs }) },
    })
    const port = this.#portOf(id)
    const nodeName = (node: number) => this.#options.nodeName?.(node) ?? `node ${node}`
    const width = { hiddenSize, activations: this.#options.activations }
    const session = new CoordinatorSession({ machine, port, request, nodes, ...width, vocabSize, nodeName })
    this.#sessions.set(id, session)
    return session
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await Promise.all([...this.#sessions.values()].map((session) => session.close()))
    } finally {
      await this.#options.transport.close()
    }
  }

  #portOf(id: number): CoordinatorPort {
    const now = () => this.#options.now()
    const openedMs = now()
    let timer: ReturnType<typeof setTimeout> | undefined
    let awaited = 0
    let missed = 0
    const late = () => {
      missed += 1
      this.#sessions.get(id)?.deadline()
    }
    return {
      now: () => now() - openedMs,
      send: (to, frame) => this.#send(to, frame),
      wait: (rows) => {
        clearTimeout(timer)
        awaited = rows === undefined ? 0 : Math.max(rows, awaited)
        if (rows === undefined) return
        timer = setTimeout(late, this.#deadline.forRows(awaited, missed))
      },
      applied: ({ rows, retries, timing }) => {
        missed = 0
        this.#deadline.observe({ rows, ms: timing.totalMs - timing.draftMs, retries })
      },
      closed: () => this.#sessions.delete(id),
    }
  }

  #send(to: 'head' | 'all', frame: Frame): number {
    const { transport } = this.#options
    if (to === 'all') {
      transport.sendToAll(encodeFrame(frame))
      return 0
    }
    const linkUs = transport.planDelay?.(frameBytes(frame)) ?? 0
    transport.sendToHead(encodeFrame(frame))
    return linkUs
  }

  #receive(bytes: Uint8Array): void {
    const { hiddenSize, maxRows = DEFAULT_MAX_ROWS } = this.#options
    const { vocabSize, maxLength } = this.info
    const decoded = decodeFrame(bytes, { maxRows, maxLength, vocabSize, hiddenSize })
    if (decoded.ok) this.#sessions.get(decoded.frame.session)?.receive(decoded.frame)
  }

  #lose(error: Error): void {
    const lost =
      error instanceof DsdError
        ? error
        : new DsdError(error.message, { kind: 'environment', where: this.info.name, cause: error })
    this.#lost = lost
    for (const session of this.#sessions.values()) session.lost(lost)
  }
}
