import type { Drafter, DraftSession, DraftWindow, WindowPlan } from '../drafting/drafter.ts'
import type { WindowPolicy } from '../drafting/window-controller.ts'
import { DsdError } from '../errors.ts'
import type { RuleSpec } from '../verification/rule.ts'
import type { Commit } from './commit.ts'
import { commitOf } from './commit-of.ts'
import type { TargetSession } from './target.ts'
import { draftRequest, sessionRequest, type TextOptions } from './text-request.ts'

export interface SpeculativeOptions extends TextOptions {
  readonly drafter: Drafter
  /** What is kept of a draft window. */
  readonly rule: RuleSpec
  /** How far to draft each round. */
  readonly window: WindowPolicy
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
  const { target, drafter, window, signal } = options
  const request = sessionRequest(options)
  const asks = draftRequest(target, request)
  const session = await target.open(request)
  let drafts: DraftSession | undefined
  try {
    drafts = await drafter.open(asks)
    const controller = window()
    for (let commit: Commit | undefined; commit?.finish === undefined; ) {
      const room = request.maxLength - session.committed.length - 1
      const plan = controller.plan()
      const startMs = session.now()
      const proposed = await propose({ drafter, drafts, session, plan: { ...plan, gamma: Math.min(plan.gamma, room) } })
      const draftMs =
        target.virtualDraftStepMs === undefined ? session.now() - startMs : proposed.steps * target.virtualDraftStepMs
      const round = await session.verify(proposed, { startMs, draftMs }, signal)
      commit = commitOf(round, session, request)
      // The end of the text cuts its window short: that says nothing about acceptance.
      if (commit.finish === undefined) controller.observe(round)
      yield commit
    }
  } finally {
    try {
      await drafts?.close()
    } finally {
      await session.close()
    }
  }
}

interface ProposeRequest {
  readonly drafter: Drafter
  readonly drafts: DraftSession
  readonly session: TargetSession
  readonly plan: WindowPlan
}

async function propose({ drafter, drafts, session, plan }: ProposeRequest): Promise<DraftWindow> {
  if (plan.gamma === 0) return { tokens: [], steps: 0 }
  const window = await drafts.propose(session.committed, plan)
  if (window.tokens.length <= plan.gamma) return window
  throw new DsdError(`${window.tokens.length} tokens for a window of ${plan.gamma}`, {
    kind: 'bad-input',
    where: `drafter ${drafter.name}`,
    fix: 'draft at most plan.gamma tokens',
  })
}
