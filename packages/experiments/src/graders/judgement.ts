import { DsdError } from '@dsd-lab/core'
import type { Verdict } from './grader.ts'

/** What came of judging an answer. */
export type Judgement = { readonly kind: 'verdict'; readonly verdict: Verdict } | NoVerdict

/** The judge itself came to nothing. */
export interface NoVerdict {
  readonly kind: 'no-verdict'
  /** One line: what happened to the judge. */
  readonly reason: string
  /** `machine`: the answer had no part in it, for it did not run yet or cannot do that. `either`: it may have ended its judge. */
  readonly blame: 'machine' | 'either'
}

export interface Judge {
  readonly judge: () => Promise<Judgement>
  /** Judges something harmless: whether the judge works at all. Absent where no answer can end it. */
  readonly control?: () => Promise<Judgement>
}

/**
 * The verdict, judged a second time where there is none at first. An answer that ends its judge twice, while the judge works without it, is
 * wrong: it did that itself.
 *
 * @throws DsdError `environment` when the machine keeps the judge from working
 */
export async function settledVerdict({ judge, control }: Judge): Promise<Verdict> {
  const first = await judge()
  if (first.kind === 'verdict') return first.verdict
  const second = await judge()
  if (second.kind === 'verdict') return second.verdict
  const mayBeTheAnswer = first.blame === 'either' && second.blame === 'either'
  if (mayBeTheAnswer && (await control?.())?.kind === 'verdict') return { correct: false, reason: second.reason }
  throw new DsdError(`an answer cannot be graded: ${second.reason}`, {
    kind: 'environment',
    fix: 'see that memory and processes are left, and run the same command again: finished work is kept',
  })
}
