import type { Speed, Variant } from '@dsd-lab/experiments/schema'
import * as Plot from '@observablehq/plot'
import type { RunPage } from '../page-data.ts'
import { column, estimateColumn, numberColumn } from './data-table.ts'
import { drawPlot, narrowPx } from './draw-plot.ts'
import { element } from './element.ts'
import { absence, figure } from './frame.ts'
import { patchLegend } from './legend.ts'
import { brief, bytes, fixed, network } from './number-format.ts'
import { speedOf } from './run-lookup.ts'
import type { Selection } from './selection.ts'
import { styleOf, type VariantStyles, variantStyles } from './variant-style.ts'

interface Row {
  readonly variant: Variant
  readonly speed: Speed
}

/** What a committed token costs: synchronisation rounds, and bytes over all links. */
export function costPerToken(run: RunPage, { task, condition, variants }: Selection): HTMLElement {
  const id = 'cost-per-token'
  const title = 'Rounds and bytes per committed token'
  const rows = variants.flatMap((variant): Row[] => {
    const speed = speedOf(run, { variant, task, condition })
    return speed === undefined ? [] : [{ variant, speed }]
  })
  if (rows.length === 0) return absence({ id, title, reason: 'No variant is selected.' })
  const styles = variantStyles(run)
  return figure({
    id,
    title,
    legend: patchLegend([
      { label: 'window, towards the tail', patch: 'patch-solid' },
      { label: 'verdict, back to the coordinator', patch: 'patch-hatched' },
    ]),
    draw: (width) => draw({ width, rows, styles }),
    table: {
      label: `Rounds and bytes per token on ${task}`,
      columns: [
        column<Row>({ label: 'Variant', key: 'variant', value: ({ variant }) => variant.label }),
        numberColumn<Row>({
          label: 'Rounds',
          key: 'rounds_per_token',
          value: ({ speed }) => speed.roundsPerToken,
          text: ({ speed }) => fixed(speed.roundsPerToken, 3),
        }),
        numberColumn<Row>({
          label: 'Window bytes',
          key: 'forward_bytes_per_token',
          value: ({ speed }) => speed.forwardBytesPerToken,
          text: ({ speed }) => bytes(speed.forwardBytesPerToken),
        }),
        numberColumn<Row>({
          label: 'Verdict bytes',
          key: 'verdict_bytes_per_token',
          value: ({ speed }) => speed.verdictBytesPerToken,
          text: ({ speed }) => bytes(speed.verdictBytesPerToken),
        }),
        estimateColumn<Row>({
          label: 'ms',
          key: 'ms_per_token',
          value: ({ speed }) => speed.msPerToken,
          format: brief,
        }),
      ],
      rows,
    },
    caption:
      `Synchronisation rounds, payload bytes summed over all links, and ms, each per committed token of ${task} at ${network(condition, run.manifest.conditions)}; ` +
      'ms with 95 % bootstrap intervals clustered by item, virtual clock. Rounds and bytes are counts over the whole task.',
    sources: ['summary.json'],
    data: run.data,
  })
}

function draw({ width, rows, styles }: { width: number; rows: readonly Row[]; styles: VariantStyles }): Element {
  const half = width < narrowPx ? width : Math.floor((width - 24) / 2)
  const label = ({ variant }: Row): string => variant.label
  const domain = rows.map(label)
  const shared = {
    width: half,
    height: 44 + rows.length * 50,
    marginLeft: 4,
    marginTop: 4,
    marginBottom: 40,
    marginRight: 28,
  }
  const names = Plot.text(rows, { y: label, text: label, x: 0, dy: -16, textAnchor: 'start', fill: 'var(--ink)' })
  const fill = (row: Row): string => styleOf(styles, row.variant).colour
  const y = { domain, axis: null, padding: 0.68, round: false }
  const rounds = drawPlot({
    ...shared,
    ariaLabel: 'Rounds per committed token by variant',
    x: { label: 'Rounds per token', grid: true, ticks: 5 },
    y,
    color: { type: 'identity' },
    marks: [
      Plot.barX(rows, { y: label, x: (row: Row) => row.speed.roundsPerToken, fill, fillOpacity: 0.85, dy: 5 }),
      names,
    ],
  })
  const sizes = drawPlot({
    ...shared,
    ariaLabel: 'Bytes per committed token by variant, window and verdict',
    x: { label: 'Bytes per token', grid: true, ticks: 4, tickFormat: (value: number) => bytes(value) },
    y,
    color: { type: 'identity' },
    marks: [
      Plot.barX(rows, { y: label, x: (row: Row) => row.speed.forwardBytesPerToken, fill, fillOpacity: 0.85, dy: 5 }),
      Plot.barX(rows, {
        y: label,
        x1: (row: Row) => row.speed.forwardBytesPerToken,
        x2: (row: Row) => row.speed.forwardBytesPerToken + row.speed.verdictBytesPerToken,
        fill,
        fillOpacity: 0.35,
        stroke: fill,
        dy: 5,
      }),
      names,
    ],
  })
  return element('div', { class: 'plot-pair' }, [rounds, sizes])
}
