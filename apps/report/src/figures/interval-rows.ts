import type { Estimate } from '@dsd-lab/experiments/schema'
import * as Plot from '@observablehq/plot'
import { drawPlot } from './draw-plot.ts'
import { intervalMarks } from './interval-marks.ts'
import { withInterval } from './number-format.ts'
import type { PointStyle } from './variant-style.ts'

export interface IntervalRow {
  readonly label: string
  readonly value: Estimate
  readonly style: PointStyle
}

export interface IntervalRows {
  readonly ariaLabel: string
  readonly width: number
  readonly rows: readonly IntervalRow[]
  readonly axis: Plot.ScaleOptions
  /** Value that means "no difference"; drawn as a rule. */
  readonly reference?: number
  format(value: number): string
}

/** Point and interval stand under the label of their row. */
const UNDER_LABEL_PX = 7

/** Estimates one under the other, each a point on its interval with its label above. */
export function intervalRows({ ariaLabel, width, rows, axis, reference, format }: IntervalRows): Element {
  const y = (row: IntervalRow): string => row.label
  return drawPlot({
    ariaLabel,
    width,
    height: 44 + rows.length * 42,
    marginLeft: 6,
    marginRight: 14,
    marginTop: 4,
    marginBottom: 40,
    x: { grid: true, nice: true, ticks: 5, ...axis },
    y: { domain: rows.map(y), axis: null, padding: 0.4 },
    marks: [
      reference === undefined ? null : Plot.ruleX([reference], { stroke: 'var(--rule-strong)', strokeWidth: 1.5 }),
      ...rows.flatMap((row) =>
        intervalMarks<IntervalRow>({
          rows: [row],
          along: 'x',
          place: y,
          value: ({ value }) => value,
          title: ({ label, value }) => `${label}\n${withInterval(value, format)}`,
          style: row.style,
          offset: UNDER_LABEL_PX,
          radius: 5,
          strokeWidth: 2,
        }),
      ),
      Plot.text(rows, { y, text: y, frameAnchor: 'left', dx: 5, dy: -10, textAnchor: 'start', fill: 'var(--ink)' }),
    ],
  })
}
