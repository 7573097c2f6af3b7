import type { Round } from '../decoding/target.ts'
import type { WindowPlan } from './drafter.ts'

/** What a controller is told of a round: nothing of it depends on which tokens were drafted, only on how many were kept. */
export type ObservedRound = Pick<
  Round,
  'index' | 'committedBefore' | 'rows' | 'forced' | 'accepted' | 'draftSteps' | 'ahead' | 'retries' | 'timing'
>

/** Decides before each round how far to draft. Holds no state beyond what `observe` was told. */
export interface WindowController {
  readonly name: string
  plan(): WindowPlan
  observe(round: ObservedRound): void
}

/** Makes a controller for each sequence: a fresh one, or one that goes on from what the texts before it taught. */
export type WindowPolicy = () => WindowController
