import { promptsForMargin, showableMarginPoints, USUAL_DISCORDANCE } from '../statistics/index.ts'

/** Largest loss of accuracy that counts as none where an experiment does not say, percentage points. */
export const DEFAULT_MARGIN_POINTS = 2

export interface SampleSizeQuestion {
  /** Tasks with right answers. */
  readonly tasks: readonly { readonly name: string; readonly items: number }[]
  readonly marginPoints: number
}

/**
 * What the items of an experiment cannot show, before anything is run: one line, or undefined where the declared margin is within reach of
 * every task. For equally good arms of which one answer in ten differs, with chance 0.8.
 */
export function sampleSizeAdvice({ tasks, marginPoints }: SampleSizeQuestion): string | undefined {
  const forecast = { discordance: USUAL_DISCORDANCE }
  const needed = promptsForMargin({ ...forecast, marginPoints })
  const short = tasks.filter(({ items }) => items < needed)
  if (short.length === 0) return undefined
  const reach = short.map(({ name, items }) => {
    const points = Math.ceil(showableMarginPoints({ ...forecast, prompts: items }))
    return `${items} items of ${name} can show that no more than ${points} points are lost`
  })
  return `note: ${reach.join(', ')}, not ${marginPoints}; that takes about ${needed} items (one answer in ten differing, power 0.8)`
}
