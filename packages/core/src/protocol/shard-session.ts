import { DigestChain } from './digest.ts'
import type { CancelFrame, NackReason, VerdictFrame, WindowFrame } from './frames/frame.ts'
import type { OpenRequest } from './open-request.ts'
import { OutputCache } from './output-cache.ts'
import type { ShardGuards } from './shard-guards.ts'
import type { Tail } from './tail.ts'

export interface QueuedWindow {
  readonly window: WindowFrame
  readonly admittedUs: number
}

/** What became of a window that arrived. */
export type Admission =
  | { readonly kind: 'queued' }
  | { readonly kind: 'stale' }
  /** Seen before; `answer` is what it led to, if that is known. */
  | { readonly kind: 'repeated'; readonly answer: WindowFrame | VerdictFrame | undefined }
  | { readonly kind: 'refused'; readonly reason: NackReason; readonly detail?: string }

export interface ShardSessionOptions {
  /** The OPEN section as it came. */
  readonly openBytes: Uint8Array
  readonly request: OpenRequest
  readonly term: number
  /** Present on the tail. */
  readonly tail: Tail | undefined
  readonly guards: ShardGuards
}

/**
 * One text on one shard, without input or output: says what becomes of a window, which one to compute next, and what may
 * be read of the cache. Two cursors, because compute lags admission: `written` rows are in the cache, `admitted` will be
 * once the queue has run.
 */
export class ShardSession {
  readonly request: OpenRequest
  readonly tail: Tail | undefined
  readonly digests: DigestChain
  readonly #guards: ShardGuards
  readonly #outputs = new OutputCache()
  readonly queued: QueuedWindow[] = []
  term: number
  epoch = -1
  /** Epochs below it are cancelled. */
  fence = 0
  lastSeq = -1
  written = 0
  admitted = 0
  floor = 0
  closed = false

  constructor({ openBytes, request, term, tail, guards }: ShardSessionOptions) {
    this.digests = new DigestChain(openBytes)
    this.request = request
    this.term = term
    this.tail = tail
    this.#guards = guards
  }

  get cachedOutputs(): number {
    return this.#outputs.size
  }

  /** A later coordinator takes over: what the cache holds stays, what was under way does not. */
  beginTerm(term: number): void {
    this.#cut()
    this.term = term
    this.epoch = -1
    this.fence = 0
    this.lastSeq = -1
    this.floor = 0
    this.#outputs.clear()
    this.tail?.forget()
  }

  admit(window: WindowFrame, nowUs: number): Admission {
    const guards = this.#guards
    if (guards.isStale(window, this)) return { kind: 'stale' }
    if (guards.isRepeated(window, this)) return { kind: 'repeated', answer: this.#outputs.get(window) }
    if (guards.isGap(window, this)) return { kind: 'refused', reason: 'gap' }
    if (window.epoch > this.epoch) this.#cut()
    if (guards.isHole(window, this)) return { kind: 'refused', reason: 'hole' }
    if (guards.isBelowFloor(window, this)) return { kind: 'refused', reason: 'below-floor' }
    if (guards.isDiverged(window, this)) return { kind: 'refused', reason: 'diverged' }
    const end = window.start + window.ids.length
    const { maxLength } = this.request
    if (end > maxLength)
      return { kind: 'refused', reason: 'bad-frame', detail: `row ${end - 1} is beyond ${maxLength}` }
    const extension = this.digests.extension(window.start, window.ids)
    if (guards.isForged(window, extension)) {
      return { kind: 'refused', reason: 'bad-frame', detail: 'the ids do not give the digest that came with them' }
    }
    this.digests.replace(extension)
    this.epoch = window.epoch
    this.lastSeq = window.seq
    this.floor = Math.max(this.floor, window.settled)
    this.admitted = end
    this.queued.push({ window, admittedUs: nowUs })
    return { kind: 'queued' }
  }

  cancel({ term, epoch }: CancelFrame): void {
    if (term !== this.term || epoch <= this.fence) return
    this.fence = epoch
    if (epoch > this.epoch) this.#cut()
  }

  /** The next window to compute; rolls the cache back to its start. */
  take(): QueuedWindow | undefined {
    const next = this.queued.shift()
    if (next !== undefined) this.written = Math.min(this.written, this.rollbackTo(next.window))
    return next
  }

  /** Rows that a new epoch can build on. */
  get secured(): number {
    return this.#guards.admittedAfterCut(this)
  }

  rollbackTo(window: WindowFrame): number {
    return this.#guards.rollbackTo(window)
  }

  /** Whether a window that was taken still counts. */
  isCurrent(window: WindowFrame): boolean {
    return !this.closed && !this.#guards.isZombie(window, this) && !this.#guards.isStale(window, this)
  }

  /** Its rows are in the cache now. */
  finish(window: WindowFrame, output: WindowFrame | VerdictFrame | undefined): void {
    this.written = this.rollbackTo(window) + window.ids.length
    this.#outputs.set(window, output)
  }

  /** A window could not be computed: what is queued behind it would build on rows that are missing. */
  abandon(): void {
    this.#cut()
  }

  #cut(): void {
    this.admitted = this.secured
    this.queued.length = 0
  }
}
