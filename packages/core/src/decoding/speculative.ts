import { AheadDraft } from '../drafting/ahead-draft.ts'
import { aheadGamma } from '../drafting/ahead-gamma.ts'
import type { Drafter, DraftSession, DraftWindow, WindowPlan } from '../drafting/drafter.ts'
import { propose } from '../drafting/propose.ts'
import type { WindowPolicy } from '../drafting/window-controller.ts'
import { DraftClock, draftWork } from '../latency-model/draft-clock.ts'
import type { RuleSpec } from '../verification/rule.ts'
import type { Commit } from './commit.ts'
import { commitOf } from './commit-of.ts'
import type { DraftedAhead, TargetSession } from './target.ts'
import { draftRequest, sessionRequest, type TextOptions } from './text-request.ts'

export interface SpeculativeOptions extends TextOptions {
  readonly drafter: Drafter
  /** What is kept of a draft window. */
  readonly rule: RuleSpec
  /** How far to draft each round. */
  readonly window: WindowPolicy
  /**
   * Draft the next window while this one travels, as if all of it were kept and followed by what the drafter says. No frame and, under
   * fixed windows, no round is another for it; where the guess is right the next round does not wait for its drafts. On a virtual clock the drafter takes nothing from the nodes, as one on a
   * processor of its own. Default false.
   */
  readonly draftAhead?: boolean
}

/**
 * Decentralized speculative decoding: each round the drafter proposes a window, the window travels through all shards once,
 * and the tokens that the rule keeps, plus one of the target's own, are committed. Leaving the loop early frees the text on
 * every node.
 *
 * @throws DsdError `bad-input` for a request that cannot be decoded, `interrupted` when aborted, `environment` naming the
 * node when one is lost, `numeric` for logits that are not finite.
 */
export async function* speculative(options: SpeculativeOptions): AsyncGenerator<Commit, void, undefined> {
  const { target, drafter, window, signal, draftAhead = false } = options
  const request = sessionRequest(options)
  const asks = draftRequest(target, request)
  const session = await target.open(request)
  let drafts: DraftSession | undefined
  let drafting: Drafting | undefined
  try {
    drafts = await drafter.open(asks)
    const { maxLength } = request
    const stepMs = target.virtualDraftStepMs
    drafting = new Drafting({ proposer: { name: drafter.name, drafts }, session, maxLength, stepMs, draftAhead })
    const controller = window()
    for (let commit: Commit | undefined; commit?.finish === undefined; ) {
      const { proposed, startMs, draftMs, ahead } = await drafting.next(controller.plan(), commit)
      const verdict = session.verify(proposed, { startMs, draftMs }, signal)
      drafting.goOn()
      const round = { ...(await verdict), ...(draftAhead && { ahead }) }
      commit = commitOf(round, session, request)
      // The end of the text cuts its window short: that says nothing about acceptance.
      if (commit.finish === undefined) controller.observe(round)
      yield commit
    }
  } finally {
    try {
      await drafting?.stop()
      await drafts?.close()
    } finally {
      await session.close()
    }
  }
}

interface DraftingOptions {
  readonly proposer: { readonly name: string; readonly drafts: DraftSession }
  readonly session: TargetSession
  readonly maxLength: number
  /** Virtual milliseconds of one draft step; undefined: drafting is timed for real. */
  readonly stepMs: number | undefined
  readonly draftAhead: boolean
}

interface Proposal {
  readonly proposed: DraftWindow
  readonly startMs: number
  readonly draftMs: number
  readonly ahead: DraftedAhead
}

/** The windows of one text, each drafted after the verdict before it or, where that was foreseen, already there. */
class Drafting {
  readonly #options: DraftingOptions
  readonly #clock = new DraftClock()
  #ahead: AheadDraft | undefined

  constructor(options: DraftingOptions) {
    this.#options = options
  }

  /** @param before what the round before committed */
  async next(plan: WindowPlan, before: Commit | undefined): Promise<Proposal> {
    const { proposer, session, maxLength, stepMs, draftAhead } = this.#options
    const startMs = session.now()
    const context = session.committed
    const taken = await this.#taken(before)
    const room = maxLength - context.length - 1
    const cut = { ...plan, gamma: Math.min(plan.gamma, room) }
    const proposed = taken ?? (await propose(proposer, { context, plan: cut }))
    const drafted = proposed.tokens.length
    const reach = { plan, committedBefore: context.length - 1, drafted, maxLength }
    const gamma = draftAhead ? aheadGamma(reach) : 0
    this.#ahead =
      gamma === 0
        ? undefined
        : new AheadDraft({ proposer, context: [...context, ...proposed.tokens], plan: { ...plan, gamma } })
    const ahead = { foreseen: taken !== undefined, steps: gamma === 0 || proposed.steps === 0 ? 0 : gamma + 1 }
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

  async #taken(before: Commit | undefined): Promise<DraftWindow | undefined> {
    const ahead = this.#ahead
    if (ahead === undefined || before === undefined) return undefined
    const { drafted, accepted, next } = before.round
    if (accepted === drafted.length) return ahead.take(next)
    await ahead.drop()
    return undefined
  }
}
