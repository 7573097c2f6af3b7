import type { Drafter, DraftSession } from '../drafting/drafter.ts'
import type { WindowPolicy } from '../drafting/window-controller.ts'
import type { RuleSpec } from '../verification/rule.ts'
import type { Commit } from './commit.ts'
import { commitOf } from './commit-of.ts'
import { TextDrafting } from './text-drafting.ts'
import { draftRequest, sessionRequest, type TextOptions } from './text-request.ts'

export interface SpeculativeOptions extends TextOptions {
  readonly drafter: Drafter
  /** What is kept of a draft window. */
  readonly rule: RuleSpec
  /** How far to draft each round. */
  readonly window: WindowPolicy
  /**
   * Draft the next window while this one travels, as if all of it were kept and followed by what the drafter says. No frame and, under
   * fixed windows, no round is another for it; where the guess is right the next round does not wait for its drafts. On a virtual clock
   * the drafter takes nothing from the nodes, as one on a processor of its own. Default false.
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
  let drafting: TextDrafting | undefined
  try {
    drafts = await drafter.open(asks)
    const { maxLength } = request
    const stepMs = target.virtualDraftStepMs
    drafting = new TextDrafting({ proposer: { name: drafter.name, drafts }, session, maxLength, stepMs, draftAhead })
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
