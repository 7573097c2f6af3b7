import type { EvidenceRun } from '../evidence/evidence-run.ts'
import type { Estimate } from '../store/schema.ts'

export type Verdict = 'reproduced' | 'refuted' | 'not testable here'

/** How a number is shown: times, per cent, percentage points. */
export type Unit = 'x' | '%' | 'points'

/** What one run says about a claim. */
export interface Finding {
  readonly verdict: Verdict
  /** What the number is: `adaptive, tau 0.2 over strict`. Null where nothing was measured. */
  readonly measured: { readonly what: string; readonly value: Estimate; readonly unit: Unit } | null
  /** Items, networks: what the number holds for. */
  readonly conditions: string
  /** Why the rule gives this verdict, or what is missing; a sentence without a full stop. */
  readonly because: string
  /** Numbers that belong beside it: controls, other settings. */
  readonly beside: readonly string[]
}

/** Where a claim looks: one task of the run of one experiment. */
export interface Reading {
  /** File name in the catalogue. */
  readonly experiment: string
  readonly task: string
  /** What the reading has to be told apart by: the pair, and that one task stands in for another. */
  readonly note?: string
}

export interface Claim {
  /** A word for the command line. */
  readonly id: string
  /** As the paper, or its readers, say it. */
  readonly text: string
  /** Who says so. */
  readonly source: string
  /** The rule of decision, margins and all, stated before any number. */
  readonly rule: string
  /** Empty where nothing here can test it; `untestable` then says why. */
  readonly readings: readonly Reading[]
  readonly untestable?: string
  judge(run: EvidenceRun, reading: Reading): Promise<Finding>
}

/** The abstract of the paper. */
export const PAPER = 'arXiv 2511.11733, abstract'
/** Said of the paper by those who read it whole, not checked against it. */
export const READERS = 'arXiv 2511.11733, as readers state it'
