import type { Condition, Estimate, Variant } from '@dsd-lab/experiments/schema'
import * as Plot from '@observablehq/plot'
import type { RunPage } from '../page-data.ts'
import { column, estimateColumn, numberColumn } from './data-table.ts'
import { drawPlot } from './draw-plot.ts'
import { element } from './element.ts'
import { absence, figure } from './frame.ts'
import { fixed, network, ratio, times, withInterval } from './number-format.ts'
import { speedOf } from './run-lookup.ts'
import type { Selection } from './selection.ts'

interface Row {
  readonly variant: Variant
  readonly condition: Condition
  readonly measured: Estimate
  readonly paper: number
  readonly general: number
}

/** What the cost formulas predict from the acceptance alone, against what the rounds took. */
export function costFormula(run: RunPage, { task, variants }: Selection): HTMLElement {
  const { manifest } = run
  const id = 'cost-formula'
  const title = 'Cost formulas against measured rounds'
  const rows = variants.flatMap((variant) =>
    manifest.conditions.flatMap((condition): Row[] => {
      const speed = speedOf(run, { variant, task, condition })
      const measured = speed?.speedupOverAutoregressive
      return speed?.predicted && measured ? [{ variant, condition, measured, ...speed.predicted }] : []
    }),
  )
  if (rows.length === 0) return absence({ id, title, reason: 'No formula applies to the variants selected.' })
  return figure({
    id,
    title,
    legend: formulaLegend(),
    draw: (width) => draw(width, rows),
    table: {
      label: `Predicted and measured speed-up on ${task}`,
      columns: [
        column<Row>({ label: 'Variant', key: 'variant', value: (row) => row.variant.label }),
        column<Row>({ label: 'Network', key: 'network', value: (row) => network(row.condition, manifest.conditions) }),
        estimateColumn<Row>({
          label: 'Measured',
          key: 'measured',
          value: (row) => row.measured,
          format: ratio,
        }),
        numberColumn<Row>({ label: 'Paper', key: 'paper', value: (row) => row.paper, text: (row) => fixed(row.paper) }),
        numberColumn<Row>({
          label: 'General',
          key: 'general',
          value: (row) => row.general,
          text: (row) => fixed(row.general),
        }),
      ],
      rows,
    },
    caption:
      `Speed-up over autoregressive decoding on ${task}, all networks of the sweep. Paper: T = k t0 + (N−1) t1 per window; general: draft steps, verification by rows, ` +
      `links with bandwidth, return hop. Median error ${deviation(rows, 'paper')} for the paper’s formula, ${deviation(rows, 'general')} for the general one. ` +
      'Bars: 95 % bootstrap intervals clustered by item, virtual clock. On the diagonal a formula is exact.',
    sources: ['summary.json'],
    data: run.data,
  })
}

/** Median of |predicted / measured − 1|. */
function deviation(rows: readonly Row[], formula: 'paper' | 'general'): string {
  const errors = rows.map((row) => Math.abs(row[formula] / row.measured.estimate - 1)).sort((a, b) => a - b)
  const middle = (errors.length - 1) / 2
  const median = ((errors[Math.floor(middle)] ?? 0) + (errors[Math.ceil(middle)] ?? 0)) / 2
  return `${fixed(100 * median, 1)}\u202f%`
}

function formulaLegend(): HTMLElement {
  const entry = (symbol: string, label: string): HTMLElement =>
    element('li', {}, [element('span', { class: `formula-symbol ${symbol}`, 'aria-hidden': 'true' }), label])
  return element('ul', { class: 'legend' }, [
    entry('formula-paper', 'the paper’s formula'),
    entry('formula-general', 'general cost model'),
  ])
}

function draw(width: number, rows: readonly Row[]): Element {
  const networks = rows.map(({ condition }) => condition)
  const values = rows.flatMap((row) => [row.measured.low, row.measured.high, row.paper, row.general])
  const domain: [number, number] = [Math.min(...values) * 0.97, Math.max(...values) * 1.03]
  const measured = (row: Row): number => row.measured.estimate
  const title = (row: Row): string =>
    `${row.variant.label}\n${network(row.condition, networks)}\nmeasured ${withInterval(row.measured, times)}\npaper ${times(row.paper)}, general ${times(row.general)}`
  return drawPlot({
    width,
    height: Math.min(width, 360),
    marginLeft: 46,
    marginBottom: 42,
    ariaLabel: 'Predicted against measured speed-up',
    x: { domain, label: 'Predicted speed-up (×)', grid: true, ticks: 5 },
    y: { domain, label: 'Measured speed-up (×)', grid: true, ticks: 5 },
    marks: [
      Plot.link([domain], { x1: '0', x2: '1', y1: '0', y2: '1', stroke: 'var(--ink-soft)', strokeDasharray: '3 4' }),
      Plot.link(rows, {
        x1: 'paper',
        x2: 'general',
        y1: measured,
        y2: measured,
        stroke: 'var(--rule-strong)',
        strokeWidth: 1,
      }),
      Plot.ruleX(rows, {
        x: 'general',
        y1: (row: Row) => row.measured.low,
        y2: (row: Row) => row.measured.high,
        stroke: 'var(--formula-general)',
      }),
      Plot.dot(rows, {
        x: 'paper',
        y: measured,
        symbol: 'diamond',
        r: 4,
        fill: 'var(--paper)',
        stroke: 'var(--formula-paper)',
        strokeWidth: 1.6,
      }),
      Plot.dot(rows, {
        x: 'general',
        y: measured,
        r: 3.6,
        fill: 'var(--formula-general)',
        stroke: 'var(--paper)',
        title,
        tip: true,
      }),
    ],
  })
}
