import type { Estimate, Variant } from '@dsd-lab/experiments/schema'
import { wilson } from '@dsd-lab/experiments/statistics'
import * as Plot from '@observablehq/plot'
import type { RunPage } from '../page-data.ts'
import { column, estimateColumn, numberColumn } from './data-table.ts'
import { drawPlot } from './draw-plot.ts'
import { absence, figure } from './frame.ts'
import { intervalMarks } from './interval-marks.ts'
import { variantLegend } from './legend.ts'
import { fixed, percent, percentage, withInterval } from './number-format.ts'
import { pooledNetworks } from './pooled-networks.ts'
import { qualityOf } from './run-lookup.ts'
import type { Selection } from './selection.ts'
import { type ShownVariant, shownVariants } from './shown-variants.ts'
import { variantStyles } from './variant-style.ts'

interface Row {
  readonly variant: Variant
  readonly position: number
  readonly trials: number
  readonly kept: Estimate
}

/** How often the i-th drafted token was kept, given that all before it were. */
export function acceptanceByPosition(run: RunPage, { task, variants }: Selection): HTMLElement {
  const id = 'acceptance-by-position'
  const title = 'Acceptance by position in the draft window'
  const rows = variants.flatMap((variant): Row[] => {
    const { trials = [], kept = [] } = qualityOf(run, { variant, task })?.byPosition ?? {}
    return trials.flatMap((reached, index) =>
      reached === 0 ? [] : [{ variant, position: index + 1, trials: reached, kept: wilson(kept[index] ?? 0, reached) }],
    )
  })
  if (rows.length === 0) return absence({ id, title, reason: 'No speculative variant is selected.' })
  const shown = shownVariants(run, { variants, rows, gap: () => 6 })
  return figure({
    id,
    title,
    legend: variantLegend(
      variantStyles(run),
      shown.map(({ variant }) => variant),
    ),
    draw: (width) => draw({ width, rows, shown }),
    table: {
      label: `Acceptance by position on ${task}`,
      columns: [
        column<Row>({ label: 'Variant', key: 'variant', value: (row) => row.variant.label }),
        numberColumn<Row>({ label: 'Position', key: 'position', value: (row) => row.position }),
        estimateColumn<Row>({ label: 'Kept %', key: 'kept', value: (row) => row.kept, format: percentage }),
        numberColumn<Row>({
          label: 'Reached',
          key: 'trials',
          value: (row) => row.trials,
          text: (row) => fixed(row.trials, 0),
        }),
      ],
      rows,
    },
    caption:
      `Share of windows that kept the drafted token at a position, of those that reached it, on ${task}; ` +
      'bars are 95 % Wilson intervals over windows, which share items and so are somewhat too narrow.' +
      pooledNetworks(variants),
    sources: ['summary.json'],
    data: run.data,
  })
}

interface Drawing {
  readonly width: number
  readonly rows: readonly Row[]
  readonly shown: readonly ShownVariant<Row>[]
}

function draw({ width, rows, shown }: Drawing): Element {
  const longest = Math.max(...rows.map((row) => row.position))
  const marks = shown.flatMap(({ rows: own, style, offset }) => [
    Plot.line(own, {
      x: 'position',
      y: (row: Row) => row.kept.estimate,
      stroke: style.colour,
      strokeDasharray: style.dash,
      strokeWidth: 1.5,
      dx: offset,
    }),
    ...intervalMarks<Row>({
      rows: own,
      along: 'y',
      place: ({ position }) => position,
      value: ({ kept }) => kept,
      title: ({ variant, position, kept, trials }) =>
        `${variant.label}, position ${position}\n${withInterval(kept, percent)} of ${fixed(trials, 0)}`,
      style,
      offset,
    }),
  ])
  return drawPlot({
    width,
    height: 300,
    marginLeft: 46,
    // The label of the axis stands above a tick at its end.
    marginTop: 30,
    marginBottom: 40,
    ariaLabel: 'Share of drafted tokens kept by position in the window',
    x: {
      type: 'point',
      domain: Array.from({ length: longest }, (_, index) => index + 1),
      label: 'Position in the window',
      padding: 0.6,
    },
    y: { label: 'Kept', percent: true, tickFormat: (value: number) => `${value}%`, grid: true, nice: true, ticks: 5 },
    marks,
  })
}
