import type { WindowPlan } from './drafter.ts'

/**
 * How far to draft ahead while a window of `drafted` travels: the next window, were all of this one kept. 0 where this window or the next
 * one is empty.
 */
export function aheadGamma({
  plan,
  committedBefore,
  drafted,
  maxLength,
}: {
  readonly plan: WindowPlan
  /** Position of the last committed token before the window. */
  readonly committedBefore: number
  readonly drafted: number
  /** Largest total length, prompt included. */
  readonly maxLength: number
}): number {
  const room = maxLength - (committedBefore + drafted + 1) - 2
  return drafted === 0 ? 0 : Math.max(0, Math.min(plan.gamma, room))
}
