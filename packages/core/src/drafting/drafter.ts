import type { Distribution } from '../distribution/distribution.ts'
import type { Sampling, TokenId } from '../tokens.ts'
import type { DraftingMode, DraftNeeds } from '../verification/rule.ts'

/** A chain of drafted tokens, at most gamma of them; may be empty (the round then decodes one token). */
export interface DraftWindow {
  readonly tokens: readonly TokenId[]
  /**
   * The law that each token was sampled from, when the rule needs it; made by `quantise`, for it has to travel exactly.
   * A drafter with chance in it must give it, at temperature 0 its law at temperature 1; one without a law leaves it out,
   * which means all mass on the token. `[tokens]`
   */
  readonly distributions?: readonly Distribution[]
  /** Draft probability of each token at temperature 1, if the drafter has one. `[tokens]` */
  readonly confidences?: readonly number[]
  /** Forward passes of the draft model spent on this window, one a token; 0 for drafters without a model. */
  readonly steps: number
}

export interface DraftSessionRequest {
  readonly seed: number
  /** Index of the sequence (prompt) inside the run; keys the noise. */
  readonly sequence: number
  readonly sampling: Sampling
  readonly drafting: DraftingMode
  readonly needs: DraftNeeds
}

export interface WindowPlan {
  /** Largest number of tokens to draft. >= 0 */
  readonly gamma: number
  /** Stop after the first token whose draft probability at temperature 1 is below this. In [0, 1), default 0: never. */
  readonly stopBelow?: number
}

export interface DraftSession {
  /**
   * Drafts the continuation of `context`: all committed ids, prompt included; when drafting ahead also ids that may never be. What it drafts
   * depends on `context` alone, not on earlier calls.
   * @param stop when aborted the drafts are no longer wanted: whatever is there may be answered
   */
  propose(context: readonly TokenId[], plan: WindowPlan, stop?: AbortSignal): Promise<DraftWindow>
  /**
   * The first token that `propose` would draft at each place of a known text, after the true tokens before it. A drafter that can
   * read many places in one forward pass offers it; without it every place is asked for by itself. `[text]`
   */
  proposeAlong?(context: readonly TokenId[], text: readonly TokenId[]): Promise<TokenId[]>
  close(): Promise<void>
}

/** Proposes draft windows. Anything behind this works in every loop: a draft model, prompt lookup, a user's own. */
export interface Drafter extends AsyncDisposable {
  readonly name: string
  open(request: DraftSessionRequest): Promise<DraftSession>
}
