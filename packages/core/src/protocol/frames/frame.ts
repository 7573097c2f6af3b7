import type { Distribution } from '../../distribution/distribution.ts'
import type { DsdErrorKind } from '../../errors.ts'
import type { TokenId } from '../../tokens.ts'
import type { Annotation } from '../../verification/annotation.ts'
import type { ActivationFormat } from './activations.ts'

/** First 8 bytes of a link of the committed-prefix digest chain. u64 */
export type PrefixDigest = bigint

/** Names one window: a retry carries the same five numbers and the same bytes. Ordered by (term, epoch, seq). All u32. */
export interface RoundId {
  /** Plan generation: changes with the membership or the layer map. */
  readonly gen: number
  readonly session: number
  /** Incarnation of the coordinator. */
  readonly term: number
  /** Changes with every cancel, drain or resync. */
  readonly epoch: number
  /** Changes with every window; never reused in a term. */
  readonly seq: number
}

/** What one stage adds to a window on its way, microseconds on its own clock. Copied into the verdict. */
export interface StageTrailer {
  readonly queueUs: number
  readonly computeUs: number
  /** Delay that the stage's outgoing link planned for the frame that carries this. */
  readonly linkUs: number
}

/**
 * Rows to compute. Row `i` writes KV at `start + i` and yields the target's law for position `start + i + 1`.
 * `ids[0..forced]` are committed, the rest are drafts; `forced === ids.length` means nothing is to be judged (a chunk).
 */
export interface WindowFrame extends RoundId {
  readonly type: 'window'
  readonly start: number
  readonly newEpoch: boolean
  readonly forced: number
  /** The coordinator will never rewind below this, except to replay. */
  readonly settled: number
  /** Digest of the text before `start`. */
  readonly pre: PrefixDigest
  /** Digest of the text after the last id. */
  readonly post: PrefixDigest
  /** `[rows]` */
  readonly ids: readonly TokenId[]
  /** The laws that the drafts were sampled from, where the rule needs them. `[rows - forced - 1]` */
  readonly laws?: readonly Distribution[]
  /** The session's `OpenRequest` as bytes, on the first window of a session and wherever a node has lost it. */
  readonly open?: Uint8Array
  /** Hidden states, absent between coordinator and head. `[rows, hiddenSize]` */
  readonly hidden?: Float32Array
  /** How they travel. Default `f32`. */
  readonly activations?: ActivationFormat
  /** One per node passed. */
  readonly trailer: readonly StageTrailer[]
}

/** What the tail decided; its round id is the window's. */
export interface VerdictFrame extends RoundId {
  readonly type: 'verdict'
  /** Of the window. */
  readonly start: number
  /** Drafts kept. */
  readonly accepted: number
  /** Every draft was kept: the next window may continue the epoch. */
  readonly full: boolean
  /** The window did not continue what the tail had decided; nothing was judged. */
  readonly dead: boolean
  readonly next: TokenId
  /** Position of `next`. */
  readonly position: number
  /** Digest of the text up to and including `next`. */
  readonly digest: PrefixDigest
  /** Gap of the target's two best logits where `next` was chosen, nats, if measured. */
  readonly marginNats?: number
  /** Present iff the session asked. `[accepted + 1]` */
  readonly annotations?: readonly Annotation[]
  /** `[nodes]` */
  readonly trailer: readonly StageTrailer[]
}

/** Fences every window of an older epoch. Idempotent, unordered, may be lost. */
export interface CancelFrame extends RoundId {
  readonly type: 'cancel'
}

/** Frees a session on every node. */
export interface CloseFrame extends RoundId {
  readonly type: 'close'
}

/** Asks every node where it stands; `seq` is the number of the survey and comes back in the answer's `survey`. */
export interface SurveyFrame extends RoundId {
  readonly type: 'survey'
}

/** Digests that a node holds, sampled ever more sparsely from its newest row down to 0. */
export type DigestLadder = readonly { readonly position: number; readonly digest: PrefixDigest }[]

/** Where a node stands. */
export interface NodeReport {
  readonly node: number
  /** Random number of the node's process start. */
  readonly boot: number
  /** Rows that a new epoch can build on. */
  readonly length: number
  readonly ladder: DigestLadder
}

/** Answer to a survey. `epoch` and `seq` are the newest that the node admitted. */
export interface StatusFrame extends RoundId, NodeReport {
  readonly type: 'status'
  readonly survey: number
  readonly open: boolean
}

export const NACK_REASONS = [
  'no-session',
  'wrong-plan',
  'hole',
  'gap',
  'diverged',
  'below-floor',
  'overloaded',
  'bad-frame',
  'failed',
] as const
export type NackReason = (typeof NACK_REASONS)[number]

/** Why a node refused a window; the round id is the window's, as far as it could be read. */
export interface NackFrame extends RoundId, NodeReport {
  readonly type: 'nack'
  readonly reason: NackReason
  /** Kind of the error when the reason is `failed`. */
  readonly kind: DsdErrorKind
  /** One line for the user; empty when the reason says it all. */
  readonly detail: string
}

export type Frame = WindowFrame | VerdictFrame | CancelFrame | CloseFrame | SurveyFrame | StatusFrame | NackFrame

export type FrameType = Frame['type']
