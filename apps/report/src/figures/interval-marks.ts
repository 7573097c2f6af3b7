import type { Estimate } from '@dsd-lab/experiments/schema'
import * as Plot from '@observablehq/plot'
import { dotStyle, type PointStyle } from './variant-style.ts'

export interface IntervalMarks<Row> {
  readonly rows: readonly Row[]
  /** Axis that the estimates lie along. */
  readonly along: 'x' | 'y'
  /** Place of a row on the other axis. */
  place(row: Row): string | number
  value(row: Row): Estimate
  /** Shown when pointed at. */
  title(row: Row): string
  readonly style: PointStyle
  /** px off the place. */
  readonly offset: number
  /** Radius of the point in px. Default 4. */
  readonly radius?: number
  /** Width of the interval in px. Default 1.5. */
  readonly strokeWidth?: number
  /** Small multiple that a row belongs to. Default: none. */
  readonly panel?: { readonly fx?: (row: Row) => string; readonly fy?: (row: Row) => string }
}

/** Each estimate as a point on its interval. */
export function intervalMarks<Row>(of: IntervalMarks<Row>): Plot.Markish[] {
  const { rows, along, place, value, title, style, offset, radius = 4, strokeWidth = 1.5, panel = {} } = of
  const low = (row: Row): number => value(row).low
  const high = (row: Row): number => value(row).high
  const estimate = (row: Row): number => value(row).estimate
  const stroke = style.colour
  const point = {
    ...panel,
    ...dotStyle(style),
    r: radius,
    title,
  }
  if (along === 'x') {
    const dy = offset
    return [
      Plot.ruleY(rows, { ...panel, y: place, x1: low, x2: high, stroke, strokeWidth, dy }),
      Plot.dot(rows, { ...point, y: place, x: estimate, dy, tip: { dy } }),
    ]
  }
  const dx = offset
  return [
    Plot.ruleX(rows, { ...panel, x: place, y1: low, y2: high, stroke, strokeWidth, dx }),
    Plot.dot(rows, { ...point, x: place, y: estimate, dx, tip: { dx } }),
  ]
}
