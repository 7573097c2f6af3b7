import { AheadDraft } from '../drafting/ahead-draft.ts'
import { aheadGamma } from '../drafting/ahead-gamma.ts'
import type { DraftWindow, WindowPlan } from '../drafting/drafter.ts'
import { type Proposer, propose } from '../drafting/propose.ts'
import { DraftClock, draftWork } from '../latency-model/draft-clock.ts'
import type { Commit } from './commit.ts'
import type { DraftedAhead, TargetSession } from './target.ts'

export interface TextDraftingOptions {
  readonly proposer: Proposer
  readonly session: TargetSession
  readonly maxLength: number
  /** Virtual milliseconds of one draft step; undefined: drafting is timed for real. */
  readonly stepMs: number | undefined
  readonly draftAhead: boolean
}

/** A window, and what it took to have it. */
export interface Proposal {
  readonly proposed: DraftWindow
  readonly startMs: number
  readonly draftMs: number
  readonly ahead: DraftedAhead
}

/** The windows of one text, each drafted after the verdict before it or, where that was foreseen, already there. */
export class TextDrafting {
  readonly #options: TextDraftingOptions
  readonly #clock = new DraftClock()
  #ahead: AheadDraft | undefined

  constructor(options: TextDraftingOptions) {
    this.#options = options
  }

  /** @param before what the round before committed */
  async next(plan: WindowPlan, before: Commit | undefined): Promise<Proposal> {
    const { proposer, session, maxLength, stepMs } = this.#options
    const startMs = session.now()
    const context = session.committed
    const taken = await this.#taken(before)
    const room = maxLength - context.length - 1
    const cut = { ...plan, gamma: Math.min(plan.gamma, room) }
    const proposed = taken ?? (await propose(proposer, { context, plan: cut }))
    const ahead = { foreseen: taken !== undefined, steps: this.#lookAhead(proposed, { plan, room }) }
    const work = draftWork({ draftSteps: proposed.steps, ahead }, startMs)
    const draftMs = stepMs === undefined ? session.now() - startMs : this.#clock.us({ ...work, stepMs }) / 1000
    return { proposed, startMs, draftMs, ahead }
  }

  /** The window travels. On a virtual clock drafting ahead is charged for and done when it is known to be wanted. */
  goOn(): void {
    if (this.#options.stepMs === undefined) this.#ahead?.begin()
  }

  async stop(): Promise<void> {
    await this.#ahead?.drop()
  }

  /** Makes ready what follows a window. Returns how many passes of the draft model that takes. */
  #lookAhead(
    { tokens, steps }: DraftWindow,
    { plan, room }: { readonly plan: WindowPlan; readonly room: number },
  ): number {
    const { proposer, session, draftAhead } = this.#options
    const gamma = draftAhead ? aheadGamma({ gamma: plan.gamma, drafted: tokens.length, room }) : 0
    this.#ahead = undefined
    if (gamma === 0) return 0
    this.#ahead = new AheadDraft({
      proposer,
      context: [...session.committed, ...tokens],
      plan: { ...plan, gamma },
    })
    return steps === 0 ? 0 : gamma + 1
  }

  async #taken(before: Commit | undefined): Promise<DraftWindow | undefined> {
    const ahead = this.#ahead
    if (ahead === undefined || before === undefined) return undefined
    const { drafted, accepted, next } = before.round
    if (accepted === drafted.length) return ahead.take(next)
    await ahead.drop()
    return undefined
  }
}
