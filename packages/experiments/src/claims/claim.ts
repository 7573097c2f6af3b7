import type { EvidenceRun } from '../evidence/evidence-run.ts'
import type { Finding } from '../store/schema-claims.ts'

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
