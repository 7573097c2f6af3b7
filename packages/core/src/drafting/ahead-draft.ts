import { turn } from '../clock/turn.ts'
import type { TokenId } from '../tokens.ts'
import type { DraftWindow, WindowPlan } from './drafter.ts'
import { type Proposer, propose } from './propose.ts'

export interface AheadDraftRequest {
  readonly proposer: Proposer
  /** Committed tokens and the window that travels. */
  readonly context: readonly TokenId[]
  /** Of the window after it. */
  readonly plan: WindowPlan
}

/**
 * The window after the one that travels, on the guess that all of that is kept and followed by what the drafter says. The drafts are those
 * that would be made after the verdict: a draft depends on the text before it alone.
 */
export class AheadDraft {
  readonly #request: AheadDraftRequest
  readonly #stop = new AbortController()
  #begun:
    | { readonly guess: Promise<TokenId | undefined>; readonly window: Promise<DraftWindow | undefined> }
    | undefined

  constructor(request: AheadDraftRequest) {
    this.#request = request
  }

  /** Drafts from now on beside everything else. Without it nothing is drafted before `take` asks. */
  begin(): void {
    const guess = turn().then(() => this.#guess())
    const window = guess.then((token) => (token === undefined ? undefined : this.#after(token)))
    // Whoever takes or drops the window sees its failure.
    window.catch(() => undefined)
    this.#begun = { guess, window }
  }

  /** The window, once it is drafted, if the target's own token is the one that was guessed. */
  async take(next: TokenId): Promise<DraftWindow | undefined> {
    const guess = await (this.#begun?.guess ?? this.#guess())
    if (guess === next) return this.#begun?.window ?? this.#after(next)
    await this.drop()
    return undefined
  }

  /** Resolves when the drafter is free; what it said no longer matters, nor how it failed. */
  async drop(): Promise<void> {
    this.#stop.abort()
    await this.#begun?.window.catch(() => undefined)
  }

  async #guess(): Promise<TokenId | undefined> {
    if (this.#stop.signal.aborted) return undefined
    const { proposer, context } = this.#request
    return (await propose(proposer, { context, plan: { gamma: 1 } })).tokens[0]
  }

  async #after(guess: TokenId): Promise<DraftWindow | undefined> {
    if (this.#stop.signal.aborted) return undefined
    const { proposer, context, plan } = this.#request
    return propose(proposer, { context: [...context, guess], plan, stop: this.#stop.signal })
  }
}
