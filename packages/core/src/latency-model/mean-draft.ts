export interface MeanDraft {
  readonly gamma: number
  /** t_d: one step of the draft model, ms. */
  readonly stepMs: number
  /** What the rest of the round takes, ms. */
  readonly targetMs: number
  /** Chance that a window was foreseen; undefined: nothing is drafted ahead. */
  readonly foreseen: number | undefined
}

/**
 * Mean time that a window of `gamma` waits for its drafts, ms: `g t_d`; where drafts are made ahead
 * `f max(0, (g + 1) t_d - T) + (1 - f) (g + 1/2) t_d`, the half being the pass that the verdict finds under way, if the drafter
 * has not come to its end by then.
 */
export function meanDraftMs({ gamma, stepMs, targetMs, foreseen }: MeanDraft): number {
  const ownMs = gamma * stepMs
  if (foreseen === undefined || gamma === 0) return ownMs
  const leftMs = Math.max(0, ownMs + stepMs - targetMs)
  return foreseen * leftMs + (1 - foreseen) * (ownMs + (leftMs > 0 ? stepMs / 2 : 0))
}
