import type { Estimate, Manifest } from '../store/schema.ts'
import { interval } from './number-text.ts'
import { networkLabel, spread, variantLabel } from './run-labels.ts'
import { tableText } from './table.ts'

/** One variant of two runs on one task and network, paired by prompt. */
export interface Comparison {
  readonly task: string
  readonly variant: string
  readonly condition: string
  /** How many times faster the first run is. */
  readonly speedup: Estimate
  /** Accuracy of the first run minus the second, percentage points; null where the task is not graded. The same on every network. */
  readonly differencePoints: Estimate | null
}

/** Networks side by side, a row for each variant; accuracy once a variant, for no network changes it. */
export function comparisonText({
  one,
  other,
  comparisons,
  all,
}: {
  readonly one: Manifest
  readonly other: Manifest
  readonly comparisons: readonly Comparison[]
  /** Every network, instead of three. */
  readonly all: boolean
}): string {
  const shared = one.conditions.filter(({ id }) => comparisons.some(({ condition }) => condition === id))
  const networks = all ? shared : spread(shared, 3)
  const hidden = shared.length - networks.length
  const tasks = [...new Set(comparisons.map(({ task }) => task))]
  return [
    `${one.runId} against ${other.runId}, paired by prompt`,
    ...tasks.map((task) => {
      const own = comparisons.filter((comparison) => comparison.task === task)
      const variants = [...new Set(own.map(({ variant }) => variant))]
      return tableText({
        head: [task, 'accuracy, points', ...networks.map((network) => `speed-up, ${networkLabel(network, shared)}`)],
        rows: variants.map((variant) => {
          const rows = own.filter((comparison) => comparison.variant === variant)
          const points = rows[0]?.differencePoints ?? null
          return [
            `  ${variantLabel(one.variants, variant)}`,
            points === null ? 'not graded' : interval(points, { digits: 1 }),
            ...networks.map(({ id }) => {
              const found = rows.find(({ condition }) => condition === id)
              return found === undefined ? '-' : `${interval(found.speedup, { digits: 2 })} x`
            }),
          ]
        }),
      })
    }),
    ...(hidden === 0 ? [] : [`${hidden} more ${hidden === 1 ? 'network' : 'networks'}: --all`]),
  ].join('\n\n')
}
