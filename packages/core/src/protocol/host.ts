import type { TokenId } from '../tokens.ts'
import type { RuleResolver } from '../verification/rule.ts'
import type { ActivationFormat } from './frames/activations.ts'
import type { ShardCompute } from './shard-compute.ts'

export type LinkEnd = 'next' | 'coordinator'

export interface ShardHostOptions {
  readonly compute: ShardCompute
  /** 0 is the head, `nodes - 1` the tail. */
  readonly node: number
  readonly nodes: number
  /** Plan generation; frames of another are refused. */
  readonly gen: number
  /** Random u32 of this process start. */
  readonly boot: number
  readonly resolveRule: RuleResolver
  /** Class of each token id, for rules that score importance. `[vocab]` */
  readonly tokenClasses?: Uint8Array
  /** Largest number of rows in one window. Default 1024. */
  readonly maxRows?: number
  /** Texts held at once; a window that would open one more is answered OVERLOADED. Default 64. */
  readonly maxSessions?: number
  /** How hidden states leave this node. Default `f32`. */
  readonly activations?: ActivationFormat
  /** Milliseconds on this host's own clock. */
  now(): number
  /**
   * Microseconds that the outgoing link will hold the frame of this size, asked just before it is encoded so that the
   * trailer can carry it. Default 0. Each call is followed by `send` of that frame.
   */
  planDelay?(to: LinkEnd, payloadBytes: number): number
  /** Hands a frame to the link. Never throws; a broken link drops it. */
  send(to: LinkEnd, frame: Uint8Array): void
}

/** Counts of what a host refused or ignored; a malformed frame is answered and counted, never thrown. */
export interface ShardCounters {
  readonly windows: number
  readonly verdicts: number
  readonly stale: number
  readonly duplicates: number
  readonly nacks: number
  readonly badFrames: number
  readonly rowsComputed: number
}

/** A shard behind some transport: frames in, frames out. */
export interface ShardHost {
  receive(frame: Uint8Array): void
  readonly counters: ShardCounters
  /** Drops every session; resolves when running compute has ended. */
  close(): Promise<void>
}

/** The coordinator's side of a transport: frames to the head, control frames to every node, frames back. */
export interface CoordinatorTransport {
  readonly nodes: number
  /** As in `ShardHostOptions.planDelay`, for the link to the head. */
  planDelay?(payloadBytes: number): number
  sendToHead(frame: Uint8Array): void
  /** Control frames (CANCEL, CLOSE, SURVEY) to every node in parallel. */
  sendToAll(frame: Uint8Array): void
  /** Frames from any node; one listener. */
  listen(listener: (frame: Uint8Array) => void): void
  /** Called when a node is lost for good; one listener. */
  onLost(listener: (error: Error) => void): void
  close(): Promise<void>
}

export interface RemoteTargetOptions {
  readonly name: string
  readonly transport: CoordinatorTransport
  readonly vocabSize: number
  /** Width of the hidden states between nodes; only for counting bytes. */
  readonly hiddenSize: number
  /** How the nodes send them; only for counting bytes. Default `f32`. */
  readonly activations?: ActivationFormat
  readonly maxLength: number
  readonly eos: readonly TokenId[]
  readonly gen: number
  /** Incarnation of this coordinator: a later one that takes over the same nodes gives a larger number. Default 1. */
  readonly term?: number
  /** Bound into the digest chain: model, tokenizer and numeric profile. */
  readonly modelDigest: string
  /** Tells the loops what a rule asks of the drafter; the nodes resolve the same spec themselves. */
  readonly resolveRule: RuleResolver
  /** Largest number of rows in one window; longer prompts travel in several. At most what the nodes accept. Default 1024. */
  readonly maxRows?: number
  /** What errors call a node. Default `node 0` (head) to `node N-1` (tail). */
  nodeName?(node: number): string
  now(): number
  /** First deadline of a round before it is sent again, ms. Default: 3 times a robust quantile of past rounds, at least 250. */
  readonly deadlineMs?: number
  /** How often a round is replayed from ids before it fails. Default 8. */
  readonly maxResyncs?: number
}
