import type { DraftWindow } from '../drafting/drafter.ts'
import type { Sampling, TokenId } from '../tokens.ts'
import type { Annotation } from '../verification/annotation.ts'
import type { RuleResolver, RuleSpec } from '../verification/rule.ts'

/**
 * Where the time of one round went, ms. On one host's clock each; never a difference between two hosts' clocks. A prompt
 * that travels in several windows shows the times of the last one, its waiting for the others included.
 */
export interface RoundTiming {
  /** When drafting began, since the session opened. */
  readonly startMs: number
  /** Until the window could be sent: all of its drafting, or what drafting ahead had left of it. */
  readonly draftMs: number
  /** Time in the engine of each node, head first. `[nodes]` */
  readonly computeMs: readonly number[]
  /** Waiting before compute, per node. `[nodes]` */
  readonly queueMs: readonly number[]
  /** Delay on each link: coordinator to head, head to next, ... `[nodes]` */
  readonly linkMs: readonly number[]
  /** Delay of the verdict from tail to coordinator. */
  readonly returnMs: number
  /** From the start of drafting to the applied verdict. */
  readonly totalMs: number
}

/** Bytes of one round. */
export interface RoundBytes {
  /** Frame bytes on each forward link, coordinator to head first. `[nodes]` */
  readonly forward: readonly number[]
  readonly verdict: number
}

/** What drafting ahead had to do with a round. */
export interface DraftedAhead {
  /**
   * Whether its window was drafted while the round before travelled: all drafts of that were kept, and the token that the target added is
   * what the drafter had said.
   */
  readonly foreseen: boolean
  /** Passes that the draft model goes on to make while this round travels, unless the verdict stops it. */
  readonly steps: number
}

/** One synchronisation round, as the coordinator saw it. */
export interface Round {
  /** Counts from 0 inside a session. */
  readonly index: number
  /** Position of the last committed token before the round. */
  readonly committedBefore: number
  /** Rows that the target computed: replayed or prompt rows plus the window. */
  readonly rows: number
  /** Rows of them whose successors were already known (prompt or replay). */
  readonly forced: number
  readonly drafted: readonly TokenId[]
  /** Drafted tokens that became text, 0..drafted.length. */
  readonly accepted: number
  /** Correction or bonus token; not part of the text when an accepted draft has ended it. */
  readonly next: TokenId
  /** `accepted + 1` of them. */
  readonly annotations: readonly Annotation[]
  /** Forward passes of the draft model for this window. */
  readonly draftSteps: number
  /** Set where drafts are made ahead. */
  readonly ahead?: DraftedAhead
  /** How often the round was sent again or resynchronised. */
  readonly retries: number
  readonly timing: RoundTiming
  readonly bytes: RoundBytes
}

export interface SessionRequest {
  readonly prompt: readonly TokenId[]
  readonly rule: RuleSpec
  readonly sampling: Sampling
  /** Non-negative safe integer; its low and high words are the 64-bit Philox key. */
  readonly seed: number
  /** Index of the sequence inside the run; keys the noise. */
  readonly sequence: number
  /** Largest total length, prompt included. */
  readonly maxLength: number
  readonly eos: readonly TokenId[]
  /** Ask the tail for annotations (importance, reasons). Default false. */
  readonly annotate?: boolean
}

/** A text being decoded by a target. The first `verify` also carries the prompt. */
export interface TargetSession {
  /** Prompt and committed tokens. */
  readonly committed: readonly TokenId[]
  /** Milliseconds on the target's clock since the session opened. */
  now(): number
  /** One synchronisation round. `draftMs` is the time that drafting took or, on a virtual clock, is charged for. */
  verify(
    window: DraftWindow,
    drafting: { readonly startMs: number; readonly draftMs: number },
    signal?: AbortSignal,
  ): Promise<Round>
  close(): Promise<void>
}

export interface TargetInfo {
  readonly name: string
  readonly vocabSize: number
  readonly nodes: number
  readonly maxLength: number
  readonly eos: readonly TokenId[]
}

/** Anything that can judge a window: a model in this process on a virtual clock, a cluster over ws, a simulated one. */
export interface Target extends AsyncDisposable {
  readonly info: TargetInfo
  /** Virtual milliseconds that one draft-model step costs, or undefined when drafting is timed for real. */
  readonly virtualDraftStepMs: number | undefined
  /** Turns a spec into the rule, so that a loop knows what the rule asks of the drafter. */
  readonly resolveRule: RuleResolver
  open(request: SessionRequest): Promise<TargetSession>
}
