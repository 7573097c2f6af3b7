import type { Condition, Quality, Speed, Variant } from '@dsd-lab/experiments/schema'
import type { CellRounds, RunPage } from '../page-data.ts'

interface OnTask {
  readonly variant: Pick<Variant, 'id'>
  readonly task: string
}

interface OnNetwork extends OnTask {
  readonly condition: Pick<Condition, 'id'>
}

/** What no network changes. */
export const qualityOf = ({ summary }: RunPage, { variant, task }: OnTask): Quality | undefined =>
  summary.quality.find((row) => row.variant === variant.id && row.task === task)

export const speedOf = ({ summary }: RunPage, { variant, task, condition }: OnNetwork): Speed | undefined =>
  summary.speed.find((row) => row.variant === variant.id && row.task === task && row.condition === condition.id)

/** The sampled rounds of a cell; undefined where it left no timed trace. */
export const roundsOf = ({ rounds }: RunPage, { variant, task, condition }: OnNetwork): CellRounds | undefined =>
  rounds.find((cell) => cell.variant === variant.id && cell.task === task && cell.condition === condition.id)

/** The variant of the baseline arm that a variant is compared with: its label, or the arm's name. */
export function comparedWith({ manifest }: RunPage, { against }: Pick<Variant, 'against'>): string {
  return manifest.variants.find(({ id }) => id === against)?.label ?? manifest.baseline
}
