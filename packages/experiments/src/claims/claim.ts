import type { Finding } from '../store/schema-claims.ts'
import type { TaskSamples } from './samples.ts'

/** Where a claim looks: one task of the run of one experiment. */
export interface Reading {
  /** File name in the catalogue. */
  readonly experiment: string
  readonly task: string
  /** What the reading has to be told apart by: the pair, and that one task stands in for another. */
  readonly note?: string
}

interface StatedClaim {
  /** A word for the command line. */
  readonly id: string
  /** As the paper, or its readers, say it. */
  readonly text: string
  /** Who says so. */
  readonly source: string
  /** The rule of decision, margins and all, stated before any number. */
  readonly rule: string
}

export interface TestableClaim extends StatedClaim {
  readonly readings: readonly [Reading, ...Reading[]]
  /** `samples` are those of one reading, of two items at least. */
  judge(samples: TaskSamples): Promise<Finding>
}

/** A claim that no run here can test. */
export interface UntestableClaim extends StatedClaim {
  /** Why: a sentence without a full stop. */
  readonly untestable: string
}

export type Claim = TestableClaim | UntestableClaim

/** Where an adaptive arm stands beside strict: published pairs first, the bundled one last. */
export const PAIR_READINGS = [
  { experiment: 'humaneval-qwen.ts', task: 'humaneval' },
  { experiment: 'gsm8k-qwen.ts', task: 'gsm8k' },
  { experiment: 'claim-adaptive-gain.ts', task: 'programs' },
  { experiment: 'claim-adaptive-gain.ts', task: 'word-problems' },
] as const satisfies TestableClaim['readings']

/** The abstract of the paper. */
export const PAPER = 'arXiv 2511.11733, abstract'
/** Said of the paper by those who read it whole, not checked against it. */
export const READERS = 'arXiv 2511.11733, as readers state it'
