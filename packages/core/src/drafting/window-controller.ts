import type { Round } from '../decoding/target.ts'
import type { WindowPlan } from './drafter.ts'

/** Decides before each round how far to draft. Holds no state beyond what `observe` was told. */
export interface WindowController {
  readonly name: string
  plan(): WindowPlan
  observe(round: Round): void
}

/** Makes a fresh controller for each sequence. */
export type WindowPolicy = () => WindowController
