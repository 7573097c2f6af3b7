import type { Variant } from '@dsd-lab/experiments/schema'
import * as Plot from '@observablehq/plot'
import type { CellRounds, RunPage } from '../page-data.ts'
import { column, numberColumn } from './data-table.ts'
import { drawPlot } from './draw-plot.ts'
import { absence, figure } from './frame.ts'
import { patchLegend } from './legend.ts'
import { brief, network } from './number-format.ts'
import { type RoundPart, roundParts } from './round-parts.ts'
import { roundsOf } from './run-lookup.ts'
import type { Selection } from './selection.ts'

interface Row {
  readonly variant: Variant
  readonly shares: CellRounds['shares']
}

interface Segment {
  readonly label: string
  readonly part: RoundPart
  readonly fromMs: number
  readonly toMs: number
}

/** Where the time of a committed token goes. */
export function timeByPart(run: RunPage, { task, condition, variants }: Selection): HTMLElement {
  const id = 'time-by-part'
  const title = 'Where the time of a token goes'
  const rows = variants.flatMap((variant): Row[] => {
    const cell = roundsOf(run, { variant, task, condition })
    return cell === undefined ? [] : [{ variant, shares: cell.shares }]
  })
  const [first] = rows
  if (first === undefined) return absence({ id, title, reason: 'No timed trace of the variants selected.' })
  const parts = roundParts.filter(({ key }) => rows.some(({ shares }) => shares[key] > 0))
  return figure({
    id,
    title,
    legend: patchLegend(parts),
    draw: (width) => draw(width, rows),
    table: {
      label: `Milliseconds per token by part on ${task}`,
      columns: [
        column<Row>({ label: 'Variant', key: 'variant', value: ({ variant }) => variant.label }),
        ...parts.map(({ key, label }) =>
          numberColumn<Row>({
            label: label.replace(', all nodes', ''),
            key: `${key.replace('Ms', '')}_ms_per_token`,
            value: ({ shares }) => shares[key],
            text: ({ shares }) => brief(shares[key]),
          }),
        ),
        numberColumn<Row>({
          label: 'Sum ms',
          key: 'sum_ms_per_token',
          value: ({ shares }) => sumMs(shares),
          text: ({ shares }) => brief(sumMs(shares)),
        }),
      ],
      rows,
    },
    caption:
      `Mean ms per committed token by part of the round, over the first ${first.shares.items} items of ${task} (${rows.map(({ shares }) => shares.tokens).join(', ')} tokens) at ${network(condition)}, ` +
      'virtual clock. A sum over sampled rounds, shown without interval; the estimate over all items is the ms column of the figure on cost.',
    sources: ['summary.json'],
    data: run.data,
  })
}

const sumMs = (shares: CellRounds['shares']): number => roundParts.reduce((sum, { key }) => sum + shares[key], 0)

function draw(width: number, rows: readonly Row[]): Element {
  const segments = rows.flatMap(({ variant, shares }) => {
    let atMs = 0
    return roundParts.map((part): Segment => {
      const fromMs = atMs
      atMs += shares[part.key]
      return { label: variant.label, part, fromMs, toMs: atMs }
    })
  })
  const labels = rows.map(({ variant }) => variant.label)
  const sums = rows.map(({ variant, shares }) => ({ label: variant.label, ms: sumMs(shares) }))
  return drawPlot({
    width,
    height: 44 + rows.length * 46,
    marginLeft: 4,
    marginTop: 4,
    marginBottom: 40,
    marginRight: 52,
    ariaLabel: 'Milliseconds per token by part of the round, one bar for each variant',
    x: { label: 'ms per token', grid: true },
    y: { domain: labels, axis: null, padding: 0.6, round: false },
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
        title: ({ label, part, fromMs, toMs }: Segment) =>
          `${label}\n${part.label}: ${brief(toMs - fromMs)} ms per token`,
        tip: true,
      }),
      Plot.text(labels, {
        y: (label: string) => label,
        text: (label: string) => label,
        x: 0,
        dy: -17,
        textAnchor: 'start',
        fill: 'var(--ink)',
      }),
      Plot.text(sums, {
        y: 'label',
        x: 'ms',
        text: ({ ms }: { ms: number }) => brief(ms),
        dx: 6,
        dy: 6,
        textAnchor: 'start',
        fill: 'var(--ink-soft)',
      }),
    ],
  })
}
