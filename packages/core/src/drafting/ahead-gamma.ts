/**
 * How far to draft ahead while a window of `drafted` travels: the next window, were all of this one kept. 0 where this window or the next
 * one is empty.
 */
export function aheadGamma({
  gamma,
  drafted,
  room,
}: {
  /** Of the plan for the next window. */
  readonly gamma: number
  readonly drafted: number
  /** Most drafts that this window had room for. */
  readonly room: number
}): number {
  // The drafts, and the token that the target adds, take from the room of the next window.
  return drafted === 0 ? 0 : Math.max(0, Math.min(gamma, room - drafted - 1))
}
