import { accuracyKept } from './accuracy-kept.ts'
import { adaptiveGain } from './adaptive-gain.ts'
import { againstEagle3 } from './against-eagle3.ts'
import type { Claim } from './claim.ts'
import { communicationSaved } from './communication-saved.ts'
import { communicationShare } from './communication-share.ts'
import { costFormula } from './cost-formula.ts'
import { noRetraining } from './no-retraining.ts'
import { regime } from './regime.ts'
import { speedupGsm8k } from './speedup-gsm8k.ts'
import { speedupHumaneval } from './speedup-humaneval.ts'

/** Every claim of the paper that this bench knows of, in the order of its abstract. */
export const claims: readonly Claim[] = [
  speedupHumaneval,
  speedupGsm8k,
  adaptiveGain,
  accuracyKept,
  communicationSaved,
  communicationShare,
  costFormula,
  regime,
  noRetraining,
  againstEagle3,
]
