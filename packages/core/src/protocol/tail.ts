import type { SequenceNoise } from '../random/noise.ts'
import type { TokenId } from '../tokens.ts'
import { type JudgeRequest, judgeRun } from '../verification/judge-run.ts'
import type { AcceptanceRule, RunVerdict } from '../verification/rule.ts'
import type { DigestChain } from './digest.ts'
import type { VerdictFrame, WindowFrame } from './frames/frame.ts'
import type { OpenRequest } from './open-request.ts'

/** The tail's decisions, one by one, for tests that take one away. */
export interface TailGuards {
  /** A window delivered again moves the frontier back. */
  isJudged(window: WindowFrame, judged: { readonly epoch: number; readonly seq: number }): boolean
  /** A window that assumed another token than the tail's own is judged against the wrong prefix. */
  isDead(window: WindowFrame, frontier: Frontier): boolean
  /** Which rows answer which drafts; the bonus comes from the row after the last draft. */
  judge(request: JudgeRequest): RunVerdict
}

/** Where the text stands after the last verdict. */
export interface Frontier {
  /** Position and token of the last verdict's `next`; undefined at the start of an epoch. */
  readonly last: { readonly position: number; readonly token: TokenId } | undefined
  /** A draft was rejected: every later window of the epoch continues a text that does not exist. */
  readonly poisoned: boolean
}

export const tailGuards: TailGuards = {
  isJudged: ({ epoch, seq }, judged) => epoch < judged.epoch || (epoch === judged.epoch && seq <= judged.seq),
  isDead: ({ newEpoch, forced, start, ids }, { last, poisoned }) =>
    !newEpoch && forced === 0 && (poisoned || last?.position !== start || last.token !== ids[0]),
  judge: judgeRun,
}

export interface TailOptions {
  readonly request: OpenRequest
  readonly rule: AcceptanceRule
  readonly noise: SequenceNoise
  readonly vocabSize: number
  readonly guards: TailGuards
}

/** What the tail says of a window; the frame adds addresses and times. */
export type Judgement = Pick<
  VerdictFrame,
  'accepted' | 'full' | 'dead' | 'next' | 'position' | 'digest' | 'marginNats' | 'annotations'
>

/** The only judge of a text. Its frontier is what makes a window valid or dead, without a word from the coordinator. */
export class Tail {
  readonly #options: TailOptions
  #judged = { epoch: -1, seq: -1 }
  #frontier: Frontier = { last: undefined, poisoned: false }
  /** Ids of the rows that the cache holds. */
  #ids: TokenId[] = []

  constructor(options: TailOptions) {
    this.#options = options
  }

  /** A new coordinator numbers its epochs afresh. */
  forget(): void {
    this.#judged = { epoch: -1, seq: -1 }
    this.#frontier = { last: undefined, poisoned: false }
  }

  /** First row whose logits will be read; the row count when none will. Asked when the window is served, in order. */
  logitsFrom(window: WindowFrame): number {
    return this.#options.guards.isDead(window, this.#frontier) ? window.ids.length : window.forced
  }

  /**
   * Judges a computed window; undefined when there is nothing to say (a chunk, or judged before). The frontier is reset
   * here and not on admission: a window of the old epoch may still be in service then.
   *
   * @param logits Of the rows from `logitsFrom` on. `[rows - forced, vocab]`
   */
  judge(window: WindowFrame, logits: Float32Array, digests: DigestChain): Judgement | undefined {
    const { guards } = this.#options
    if (guards.isJudged(window, this.#judged)) return undefined
    this.#ids.length = Math.min(this.#ids.length, window.start)
    this.#ids.push(...window.ids)
    this.#judged = { epoch: window.epoch, seq: window.seq }
    const dead = guards.isDead(window, this.#frontier)
    if (window.newEpoch) this.#frontier = { last: undefined, poisoned: false }
    if (dead) {
      this.#frontier = { ...this.#frontier, poisoned: true }
      return { accepted: 0, full: false, dead, next: 0, position: window.start, digest: 0n }
    }
    if (window.forced === window.ids.length) return undefined
    return this.#decide(window, logits, digests)
  }

  #decide(window: WindowFrame, logits: Float32Array, digests: DigestChain): Judgement {
    const { request, rule, noise, vocabSize, guards } = this.#options
    const drafted = window.ids.slice(window.forced + 1)
    const firstPosition = window.start + window.forced + 1
    const { accepted, next, annotations } = guards.judge({
      rule,
      sampling: request.sampling,
      logits,
      vocabSize,
      firstPosition,
      drafted,
      drafts: window.laws,
      noise,
      text: this.#ids.slice(0, firstPosition),
      annotate: request.annotate,
    })
    const position = firstPosition + accepted
    const full = accepted === drafted.length
    this.#frontier = { last: { position, token: next }, poisoned: !full }
    const marginNats = annotations[accepted]?.marginNats
    return {
      accepted,
      full,
      dead: false,
      next,
      position,
      digest: digests.ahead(position, [next]) ?? 0n,
      ...(marginNats === undefined ? {} : { marginNats }),
      ...(request.annotate ? { annotations } : {}),
    }
  }
}
