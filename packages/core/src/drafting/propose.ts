import { DsdError } from '../errors.ts'
import type { TokenId } from '../tokens.ts'
import type { DraftSession, DraftWindow, WindowPlan } from './drafter.ts'

export interface Proposer {
  /** Of the drafter, for errors. */
  readonly name: string
  readonly drafts: DraftSession
}

/** @throws DsdError `bad-input` naming a drafter that drafts more than it was asked for. */
export async function propose(
  { name, drafts }: Proposer,
  request: { readonly context: readonly TokenId[]; readonly plan: WindowPlan; readonly stop?: AbortSignal },
): Promise<DraftWindow> {
  const { context, plan, stop } = request
  if (plan.gamma === 0) return { tokens: [], steps: 0 }
  const window = await drafts.propose(context, plan, stop)
  if (window.tokens.length <= plan.gamma) return window
  throw new DsdError(`${window.tokens.length} tokens for a window of ${plan.gamma}`, {
    kind: 'bad-input',
    where: `drafter ${name}`,
    fix: 'draft at most plan.gamma tokens',
  })
}
