import { DsdError } from '../errors.ts'
import { checkGamma } from './fixed-window.ts'
import type { WindowPolicy } from './window-controller.ts'

export interface ConfidenceStopOptions {
  /** Largest window. Integer of at least 0. */
  readonly gamma: number
  /** Draft probability below which drafting stops, that token included. In [0, 1), default 0.4. */
  readonly threshold?: number
}

/**
 * Drafts until the draft model doubts itself. The doubtful token is sent and then drafting stops: leaving it out would
 * make the decision to draft a position depend on the token sampled there, and rejection sampling would no longer be exact.
 */
export function confidenceStop({ gamma, threshold = 0.4 }: ConfidenceStopOptions): WindowPolicy {
  checkGamma(gamma)
  if (!(threshold >= 0 && threshold < 1)) {
    throw new DsdError(`${threshold} is not a confidence`, {
      kind: 'bad-input',
      where: 'threshold',
      fix: 'give a number from 0 up to, not including, 1',
    })
  }
  return () => ({
    name: `confidence(${gamma}, ${threshold})`,
    plan: () => ({ gamma, stopBelow: threshold }),
    observe: () => {},
  })
}
