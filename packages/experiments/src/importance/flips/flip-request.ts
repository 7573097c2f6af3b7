import type { DraftSignals, RowSignals } from '@dsd-lab/acceptance'
import type { TokenClass, TokenId } from '@dsd-lab/core'
import type { EngineName } from '@dsd-lab/node-runtime'
import type { PutPrompt } from '../../runner/put-prompts.ts'
import type { Place } from '../../summary/places.ts'

/** The two models of a measurement, whole. */
export interface FlipPair {
  readonly target: string
  readonly draft: string
  readonly engine: EngineName
}

/** What a worker is asked to write for one prompt. */
export interface FlipRequest {
  readonly pair: FlipPair
  readonly prompt: PutPrompt
  /** Id of the item, for errors. */
  readonly item: string
  /** Keys the draws. */
  readonly sequence: number
  /** Whether the answer goes on with a program. */
  readonly startsInCode: boolean
  /** Longest beginnings first: the KV rows of what two texts share are then computed once. */
  readonly continuations: readonly Continuation[]
}

/** A text that the target goes on from a given beginning of the answer. */
export interface Continuation {
  /** A text that the continuation may resemble: saves forward passes, changes nothing. */
  readonly resembles?: readonly TokenId[]
  /** The beginning; empty for the target's own answer. */
  readonly prefix: readonly TokenId[]
  /** Longest whole answer, tokens. */
  readonly maxTokens: number
  /** Absent: the target's most likely tokens. */
  readonly sampled?: { readonly temperature: number; readonly seed: number }
  /** Reads the rows behind the prefix: what the draft model says there, and the signals. Absent: only writes. */
  readonly read?: {
    /** How many of the places where both models agree are read too. */
    readonly matching: number
  }
}

/** A row of an answer, as target and draft model see it. */
export interface ReadRow {
  /** Index of its token in the answer. */
  readonly at: number
  readonly place: Place
  /** The target's most likely token, which stands in the answer. */
  readonly token: TokenId
  /** The draft model's. */
  readonly draft: TokenId
  readonly tokenClass: TokenClass
  readonly draftClass: TokenClass
  /** The target's five most likely tokens, most likely first. */
  readonly top: readonly TokenId[]
  readonly signals: RowSignals & DraftSignals
}

export interface WrittenText {
  readonly promptTokens: number
  /** The whole answer, end-of-text token included. */
  readonly tokens: readonly TokenId[]
  readonly text: string
  /** Of every token behind the prefix, the draft model's token there; empty when only written. */
  readonly drafts: readonly TokenId[]
  /** Rows where the models disagree, and the agreed ones asked for, in order. */
  readonly rows: readonly ReadRow[]
}
