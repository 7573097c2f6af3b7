import { bootstrapOfSums, type Interval } from '../../statistics/index.ts'
import type { Label } from '../schema.ts'
import type { Hypotheses } from './evaluation-schema.ts'
import { byPrompt, byTask } from './label-groups.ts'

const BANDS = 4

/**
 * Both hypotheses of importance.md 6.1, on flips at mismatches and at sampled agreed places: (a) positions of low entropy are those that
 * must not be changed; (b) forks, positions of high entropy, steer the text. (a) is read from how often a flip costs the
 * answer, (b) from how much of the text behind it is rewritten.
 */
export function answerHypotheses(labels: readonly Label[]): Hypotheses[] {
  const flips = labels.filter(({ kind }) => kind === 'independent' || kind === 'matching')
  return byTask(flips).flatMap(({ task, labels: own }) => {
    if (own.length < 2 * BANDS) return []
    const sorted = [...own].sort((a, b) => a.signals.entropy - b.signals.entropy)
    const bands = Array.from({ length: BANDS }, (_, band) =>
      sorted.slice(Math.round((band * sorted.length) / BANDS), Math.round(((band + 1) * sorted.length) / BANDS)),
    )
    const [lowest = [], highest = []] = [bands[0], bands.at(-1)]
    return [
      {
        task,
        bands: bands.map((band) => ({
          from: band[0]?.signals.entropy ?? 0,
          to: band.at(-1)?.signals.entropy ?? 0,
          flips: band.length,
          important: meanOf(band, important),
          rewritten: meanOf(band, rewritten),
        })),
        importantLowMinusHigh: differenceOf({ minuend: lowest, subtrahend: highest, measure: important }),
        rewrittenHighMinusLow: differenceOf({ minuend: highest, subtrahend: lowest, measure: rewritten }),
        harmlessHighMinusLow: differenceOf({
          minuend: highest.filter(isHarmless),
          subtrahend: lowest.filter(isHarmless),
          measure: rewritten,
        }),
      },
    ]
  })
}

const important = (label: Label): number => (label.important ? 1 : 0)
const isHarmless = (label: Label): boolean => !label.important
const rewritten = (label: Label): number => label.rewritten

function meanOf(labels: readonly Label[], measure: (label: Label) => number): Interval {
  const prompts = byPrompt(labels)
  return bootstrapOfSums({
    columns: [sums(prompts, measure), prompts.map(({ length }) => length)],
    combine: ([total = 0, count = 0]) => total / count,
  })
}

/** Difference of means, prompts drawn together: a prompt may have flips on both sides. */
function differenceOf({
  minuend,
  subtrahend,
  measure,
}: {
  readonly minuend: readonly Label[]
  readonly subtrahend: readonly Label[]
  readonly measure: (label: Label) => number
}): Interval | null {
  if (minuend.length === 0 || subtrahend.length === 0) return null
  const [ours, theirs] = [new Set(minuend), new Set(subtrahend)]
  const prompts = byPrompt([...minuend, ...subtrahend])
  const columns = [ours, theirs].flatMap((side) => {
    const own = prompts.map((labels) => labels.filter((label) => side.has(label)))
    return [sums(own, measure), own.map(({ length }) => length)]
  })
  return bootstrapOfSums({
    columns,
    // A resample without a flip on one side says nothing about it: 0 / 0 leaves it out.
    combine: ([a = 0, n = 0, b = 0, m = 0]) => a / n - b / m,
  })
}

function sums(prompts: readonly (readonly Label[])[], measure: (label: Label) => number): number[] {
  return prompts.map((labels) => labels.reduce((sum, label) => sum + measure(label), 0))
}
