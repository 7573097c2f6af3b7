import type { Estimate } from '@dsd-lab/experiments/schema'
import * as Plot from '@observablehq/plot'
import { drawPlot } from './draw-plot.ts'
import { withInterval } from './number-format.ts'
import type { VariantStyle } from './variant-style.ts'

export interface IntervalRow {
  readonly label: string
  readonly value: Estimate
  readonly style: Pick<VariantStyle, 'colour' | 'symbol'>
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

/** Estimates one under the other, each a point on its interval with its label above. */
export function intervalRows({ ariaLabel, width, rows, axis, reference, format }: IntervalRows): Element {
  const y = (row: IntervalRow): string => row.label
  // Point and interval stand under the label of their row.
  const dy = 7
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
    color: { type: 'identity' },
    symbol: { type: 'identity' },
    marks: [
      reference === undefined ? null : Plot.ruleX([reference], { stroke: 'var(--rule-strong)', strokeWidth: 1.5 }),
      Plot.ruleY(rows, {
        y,
        x1: (row: IntervalRow) => row.value.low,
        x2: (row: IntervalRow) => row.value.high,
        stroke: (row: IntervalRow) => row.style.colour,
        strokeWidth: 2,
        dy,
      }),
      Plot.dot(rows, {
        y,
        x: (row: IntervalRow) => row.value.estimate,
        symbol: (row: IntervalRow) => row.style.symbol,
        r: 5,
        fill: (row: IntervalRow) => row.style.colour,
        stroke: 'var(--paper)',
        strokeWidth: 1,
        dy,
        title: (row: IntervalRow) => `${row.label}\n${withInterval(row.value, format)}`,
        tip: { dy },
      }),
      Plot.text(rows, { y, text: y, frameAnchor: 'left', dx: 5, dy: -10, textAnchor: 'start', fill: 'var(--ink)' }),
    ],
  })
}
