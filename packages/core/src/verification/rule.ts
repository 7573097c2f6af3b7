import type { Distribution } from '../distribution/distribution.ts'
import type { UniformField } from '../random/streams.ts'
import type { TokenId } from '../tokens.ts'
import type { Annotation } from './annotation.ts'

/** A rule as JSON: its registered name and its parameters. Travels to the tail when a session opens. */
export interface RuleSpec {
  readonly name: string
  readonly [parameter: string]: unknown
}

/**
 * What the drafter has to send up with each drafted token.
 * `ids`: the token alone. `distribution`: also the (truncated, quantised) law that it was sampled from; at temperature 0,
 * where nothing is sampled, the draft model's law at temperature 1 in the same form, the draft being its most likely token.
 */
export type DraftNeeds = 'ids' | 'distribution'

/**
 * How the drafter picks tokens when temperature > 0. `coupled`: with the target's own Gumbel noise; `sampled`: with
 * independent draft noise; `greedy`: its most likely token. At temperature 0 all three are the most likely token.
 */
export type DraftingMode = 'coupled' | 'sampled' | 'greedy'

/** Keyed randomness of one position; drawing twice gives the same value (design: a draw never depends on retries). */
export interface PositionNoise {
  /** The uniforms behind `targetGumbel`, one per token id; what `sampleToken` races with. */
  readonly target: UniformField
  /** The uniforms behind `residualGumbel`, one per token id. */
  readonly residual: UniformField
  /** Standard Gumbel noise of a token, shared by target and coupled drafter (purpose 1). */
  targetGumbel(id: TokenId): number
  /** Gumbel noise for residual and correction draws (purpose 4). */
  residualGumbel(id: TokenId): number
  /** Uniform in (0, 1) for accepting a draft (purpose 3); `index` separates independent uses, default 0. */
  acceptUniform(index?: number): number
}

/** One row at the tail: the target's view of one position, and what was drafted for it. */
export interface JudgedRow {
  /** Absolute position that the judged token will occupy. */
  readonly position: number
  /** Raw target logits. `[vocab]` */
  readonly logits: Float32Array
  /** Target law after warping, computed on first use. At temperature 0: all mass on the lowest-id argmax. */
  readonly target: Distribution
  /** Target law at temperature 1 without truncation (importance signals read this). Computed on first use. */
  readonly untempered: Distribution
  /** The drafted token, or undefined on the bonus row. */
  readonly drafted: TokenId | undefined
  /**
   * The law that the draft was sampled from, when the rule needs `distribution`; at temperature 0 the drafter's law at
   * temperature 1, to be compared with `untempered`. Undefined there means that the drafter has no law (prompt lookup):
   * all mass on the drafted token.
   */
  readonly draft: Distribution | undefined
  readonly noise: PositionNoise
  /** The text that this row continues: all ids before `position`, the drafted ones of this window included. `[position]` */
  readonly preceding: readonly TokenId[]
  /** Whether importance and reasons are wanted although the rule itself may not score. */
  readonly annotate: boolean
}

/** What a rule decided for a run of rows. */
export interface RunVerdict {
  /** Number of drafted tokens kept, 0..gamma. */
  readonly accepted: number
  /** The target's own token after them: a correction when `accepted < gamma`, else the bonus token. */
  readonly next: TokenId
  /** One per judged row, `accepted + 1` of them, the last one for `next`. */
  readonly annotations: readonly Annotation[]
}

/** What a rule may know about the model it judges for. */
export interface RuleContext {
  readonly vocabSize: number
  readonly temperature: number
  /** Token class of each id as an index into `TOKEN_CLASSES`; undefined when no tokenizer is at hand. `[vocab]` */
  readonly tokenClasses?: Uint8Array
  /** Index of the text inside the run; undefined while a rule is only asked what it needs. */
  readonly sequence?: number
}

/**
 * Decides at the tail what is kept of a draft window. Pure: the same rows give the same verdict.
 * `rows` are the judged rows in order: gamma rows with a drafted token, then the bonus row.
 */
export interface AcceptanceRule {
  readonly spec: RuleSpec
  /** True iff the output law equals the target's, for any drafter. */
  readonly lossless: boolean
  readonly needs: DraftNeeds
  readonly drafting: DraftingMode
  /** False: at temperature 0 the verdict follows from the rows alone, so that no seed can change it. Default: it may draw. */
  readonly drawsWhenGreedy?: boolean
  /**
   * True: a draft is kept iff it is the target's own choice, and the drafter draws as `coupled` does (or at temperature 0).
   * The text then is that of plain decoding, and the rounds of every window follow from one recorded pass. Default: false.
   */
  readonly replayable?: boolean
  /** False: what becomes of a draft follows from its own row and the text before it. Default: the rows behind it may count. */
  readonly looksAhead?: boolean
  judge(rows: readonly JudgedRow[]): RunVerdict
}

/** Builds a rule from its spec at the tail; throws DsdError (`bad-input`) on an unknown name or a bad parameter. */
export type RuleResolver = (spec: RuleSpec, context: RuleContext) => AcceptanceRule
