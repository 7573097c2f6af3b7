import { DigestChain } from './digest.ts'
import type { CloseFrame, NackReason, WindowFrame } from './frames/frame.ts'
import { decodeOpen, type OpenRequest } from './open-request.ts'
import type { ShardGuards } from './shard-guards.ts'
import { ShardSession } from './shard-session.ts'
import type { Tail } from './tail.ts'

const REMEMBERED_CLOSES = 256

export interface SessionRegistryOptions {
  readonly maxSessions: number
  /** Builds the judge of a session on the tail; undefined elsewhere. May throw a DsdError for a rule it does not know. */
  openTail(request: OpenRequest): Tail | undefined
  /** A session is gone: free its cache once nothing computes in it. */
  released(session: ShardSession): void
  readonly guards: ShardGuards
}

/** The session that a window belongs to, or why there is none. */
export type Lookup =
  | { readonly kind: 'found'; readonly session: ShardSession }
  /** From a coordinator that was replaced, or of a session that is over. */
  | { readonly kind: 'stale' }
  | { readonly kind: 'refused'; readonly reason: NackReason; readonly detail?: string; readonly error?: unknown }

/** The texts that a shard holds, opened by the first window of each and freed by CLOSE. */
export class SessionRegistry {
  readonly #options: SessionRegistryOptions
  readonly #sessions = new Map<number, ShardSession>()
  /** Term in which each of the last closed sessions ended: a late window must not open it again. */
  readonly #closed = new Map<number, number>()

  constructor(options: SessionRegistryOptions) {
    this.#options = options
  }

  get size(): number {
    return this.#sessions.size
  }

  get(id: number): ShardSession | undefined {
    return this.#sessions.get(id)
  }

  values(): Iterable<ShardSession> {
    return this.#sessions.values()
  }

  for(window: WindowFrame): Lookup {
    const known = this.#sessions.get(window.session)
    if (known !== undefined && this.#options.guards.isZombie(window, known)) return { kind: 'stale' }
    if ((this.#closed.get(window.session) ?? -1) >= window.term) return { kind: 'stale' }
    if (known === undefined) {
      return window.open === undefined ? { kind: 'refused', reason: 'no-session' } : this.#open(window, window.open)
    }
    if (window.term <= known.term) return { kind: 'found', session: known }
    if (window.open !== undefined && new DigestChain(window.open).root !== known.digests.root) {
      this.#release(window.session, known)
      return this.#open(window, window.open)
    }
    known.beginTerm(window.term)
    return { kind: 'found', session: known }
  }

  close({ session: id, term }: CloseFrame): void {
    const session = this.#sessions.get(id)
    if (session !== undefined && term < session.term) return
    if (session !== undefined) this.#release(id, session)
    const fenced = Math.max(term, this.#closed.get(id) ?? term)
    this.#closed.delete(id)
    this.#closed.set(id, fenced)
    const [oldest] = this.#closed.keys()
    if (this.#closed.size > REMEMBERED_CLOSES && oldest !== undefined) this.#closed.delete(oldest)
  }

  clear(): void {
    for (const [id, session] of this.#sessions) this.#release(id, session)
  }

  #open(window: WindowFrame, openBytes: Uint8Array): Lookup {
    const { maxSessions, openTail, guards } = this.#options
    const request = decodeOpen(openBytes)
    if (request === undefined) return { kind: 'refused', reason: 'bad-frame', detail: 'the OPEN section is unreadable' }
    if (this.#sessions.size >= maxSessions) {
      return { kind: 'refused', reason: 'overloaded', detail: `${maxSessions} texts are open already` }
    }
    try {
      const session = new ShardSession({ openBytes, request, term: window.term, tail: openTail(request), guards })
      this.#sessions.set(window.session, session)
      return { kind: 'found', session }
    } catch (error) {
      return { kind: 'refused', reason: 'failed', error }
    }
  }

  #release(id: number, session: ShardSession): void {
    session.closed = true
    this.#sessions.delete(id)
    this.#options.released(session)
  }
}
