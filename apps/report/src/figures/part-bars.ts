import * as Plot from '@observablehq/plot'
import type { TimeShares } from '../page-data.ts'
import { drawPlot } from './draw-plot.ts'
import { brief } from './number-format.ts'
import { type TokenPart, tokenParts } from './round-parts.ts'

export interface PartBarRow {
  readonly label: string
  readonly shares: TimeShares
}

export interface PartBars {
  readonly ariaLabel: string
  readonly width: number
  readonly rows: readonly PartBarRow[]
  /** End of the axis, ms a token. Default: the longest bar. */
  readonly endMs?: number
}

interface Segment {
  readonly label: string
  readonly part: TokenPart
  readonly fromMs: number
  readonly toMs: number
}

export const sumMs = (shares: TimeShares): number => tokenParts.reduce((sum, { key }) => sum + shares[key], 0)

/** Parts that take time in one of the rows at least. */
export const partsOf = (rows: readonly TimeShares[]): TokenPart[] =>
  tokenParts.filter(({ key }) => rows.some((shares) => shares[key] > 0))

/** Stacked bars of ms a token, one a row, each with its label above and its sum at its end. */
export function partBars({ ariaLabel, width, rows, endMs }: PartBars): Element {
  const segments = rows.flatMap(({ label, shares }) => {
    let atMs = 0
    return tokenParts.map((part): Segment => {
      const fromMs = atMs
      atMs += shares[part.key]
      return { label, part, fromMs, toMs: atMs }
    })
  })
  const label = (row: PartBarRow): string => row.label
  return drawPlot({
    ariaLabel,
    width,
    height: 44 + rows.length * 50,
    marginLeft: 4,
    marginTop: 4,
    marginBottom: 40,
    marginRight: 52,
    x: { label: 'ms per token', grid: true, ...(endMs !== undefined && { domain: [0, endMs] }) },
    y: { domain: rows.map(label), axis: null, padding: 0.68, round: false },
    color: { type: 'identity' },
    marks: [
      Plot.barX(segments, {
        y: 'label',
        x1: 'fromMs',
        x2: 'toMs',
        fill: (segment: Segment) => segment.part.colour,
        stroke: 'var(--paper)',
        strokeWidth: 1,
        dy: 6,
        title: (of: Segment) => `${of.label}\n${of.part.label}: ${brief(of.toMs - of.fromMs)} ms per token`,
        tip: true,
      }),
      Plot.text(rows, { y: label, text: label, x: 0, dy: -16, textAnchor: 'start', fill: 'var(--ink)' }),
      Plot.text(rows, {
        y: label,
        x: ({ shares }: PartBarRow) => sumMs(shares),
        text: ({ shares }: PartBarRow) => brief(sumMs(shares)),
        dx: 6,
        dy: 6,
        textAnchor: 'start',
        fill: 'var(--ink-soft)',
      }),
    ],
  })
}
