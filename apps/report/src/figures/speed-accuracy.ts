import type { Estimate, Quality, Variant } from '@dsd-lab/experiments/schema'
import * as Plot from '@observablehq/plot'
import type { RunPage } from '../page-data.ts'
import { representatives } from '../run/representatives.ts'
import { column, estimateColumn, numberColumn } from './data-table.ts'
import { drawPlot } from './draw-plot.ts'
import { absence, figure } from './frame.ts'
import { variantLegend } from './legend.ts'
import { fixed, network, percent, points, ratio, times, withInterval } from './number-format.ts'
import { qualityOf, speedOf } from './run-lookup.ts'
import type { Selection } from './selection.ts'
import { dotStyle, styleOf, type VariantStyles, variantStyles } from './variant-style.ts'

interface Row {
  readonly variant: Variant
  /** 1 exactly for autoregressive decoding, the unit. */
  readonly speedup: Estimate
  readonly quality: Quality
  readonly accuracy: Estimate
}

const unit: Estimate = { estimate: 1, low: 1, high: 1 }

/** Every variant of the run as a point: what speed it buys and what accuracy it pays. */
export function speedAgainstAccuracy(
  run: RunPage,
  { task, condition }: Pick<Selection, 'task' | 'condition'>,
): HTMLElement {
  const { manifest } = run
  const id = 'speed-against-accuracy'
  const title = 'Speed against accuracy'
  const rows = manifest.variants.flatMap((variant): Row[] => {
    const quality = qualityOf(run, { variant, task })
    const speed = speedOf(run, { variant, task, condition })
    const speedup = variant.decode === 'autoregressive' ? unit : speed?.speedupOverAutoregressive
    return quality?.accuracy && speedup ? [{ variant, speedup, quality, accuracy: quality.accuracy }] : []
  })
  if (manifest.variants.every((variant) => qualityOf(run, { variant, task })?.accuracy === null)) {
    return absence({ id, title, reason: `Answers to ${task} are not graded.` })
  }
  // Plain decoding stands at 1 by definition; drawn, it would press all others into a corner.
  const drawn = rows.filter(({ variant }) => variant.decode === 'speculative')
  if (drawn.length === 0) return absence({ id, title, reason: 'No variant was timed beside autoregressive decoding.' })
  const styles = variantStyles(run)
  const baseline = rows.find(
    ({ variant, quality }) => variant.arm === manifest.baseline && quality.versusBaseline === null,
  )
  const marginPoints = rows.find(({ quality }) => quality.versusBaseline !== null)?.quality.versusBaseline?.marginPoints
  const controlled = rows.some(({ variant }) => variant.controls !== undefined)
  return figure({
    id,
    title,
    legend: variantLegend(
      styles,
      representatives(manifest)
        .filter(({ arm }) => drawn.some(({ variant }) => variant.arm === arm))
        .map(({ id: variant, arm }) => ({ id: variant, label: arm })),
    ),
    draw: (width) => draw({ width, rows: drawn, styles, floor: floorOf(baseline, marginPoints) }),
    table: {
      label: `Speed and accuracy on ${task}`,
      columns: [
        column<Row>({ label: 'Variant', key: 'variant', value: ({ variant }) => variant.label }),
        estimateColumn<Row>({
          label: 'Speed-up',
          key: 'speedup',
          value: ({ speedup, variant }) => (variant.decode === 'autoregressive' ? null : speedup),
          format: ratio,
        }),
        estimateColumn<Row>({
          label: 'Accuracy %',
          key: 'accuracy_percent',
          value: ({ accuracy }) => scaled(accuracy, 100),
          format: (value) => fixed(value, 1),
        }),
        estimateColumn<Row>({
          label: `Points against ${manifest.baseline}`,
          key: 'difference_points',
          value: ({ quality }) => quality.versusBaseline?.differencePoints ?? null,
          format: points,
        }),
        numberColumn<Row>({
          label: 'Mismatches kept',
          key: 'relaxed_of_mismatches',
          value: ({ quality }) => quality.relaxedOfMismatches,
          text: ({ quality }) => percent(quality.relaxedOfMismatches, 0),
        }),
      ],
      rows,
    },
    tablePlace: 'beside',
    caption:
      `All speculative variants on ${rows[0]?.quality.items ?? 0} items of ${task} at ${network(condition, run.manifest.conditions)}, virtual clock. Speed-up: 95 % bootstrap intervals clustered by item; ` +
      `accuracy: 95 % Wilson intervals; points are paired by item. Autoregressive decoding, at 1 by definition, is in the table.` +
      `${controlled ? ' Hollow: random relaxation, matched to keep as many mismatches as the variant it controls, chosen blindly.' : ''}` +
      `${marginPoints === undefined ? '' : ` Below the dashed line accuracy is more than ${fixed(marginPoints, 0)} points under ${manifest.baseline}.`}`,
    sources: ['summary.json'],
    data: run.data,
  })
}

const scaled = ({ estimate, low, high }: Estimate, by: number): Estimate => ({
  estimate: estimate * by,
  low: low * by,
  high: high * by,
})

const floorOf = (baseline: Row | undefined, marginPoints: number | undefined): number | undefined =>
  baseline === undefined || marginPoints === undefined ? undefined : baseline.accuracy.estimate - marginPoints / 100

interface Drawing {
  readonly width: number
  readonly rows: readonly Row[]
  readonly styles: VariantStyles
  /** Accuracy below which a variant counts as worse than the baseline. */
  readonly floor: number | undefined
}

/** The swept value of a variant, or of the one it controls: as short as it identifies the point. */
function sweptValue({ variant }: Row, rows: readonly Row[]): string {
  const controlled = rows.find((row) => row.variant.id === variant.controls)?.variant ?? variant
  return Object.values(controlled.parameters).join(' ')
}

const LABEL_PX = 11

/** Points of one arm whose labels do not run into that of the point before; the table names them all. */
function apart(own: readonly Row[], { rows, width }: { readonly rows: readonly Row[]; readonly width: number }): Row[] {
  const ends = rows.flatMap(({ speedup }) => [speedup.low, speedup.high])
  const pxPerUnit = (width - 60) / (Math.max(...ends) - Math.min(...ends))
  const shown: Row[] = []
  let free = Number.NEGATIVE_INFINITY
  for (const row of [...own].sort((a, b) => a.speedup.estimate - b.speedup.estimate)) {
    const at = row.speedup.estimate * pxPerUnit
    if (at < free) continue
    shown.push(row)
    free = at + (0.6 * sweptValue(row, rows).length + 1) * LABEL_PX
  }
  return shown
}

function draw({ width, rows, styles, floor }: Drawing): Element {
  const x = (row: Row): number => row.speedup.estimate
  const y = (row: Row): number => row.accuracy.estimate
  const arms = [...new Set(rows.map(({ variant }) => variant.arm))]
  const marks = arms.flatMap((arm, index) => {
    const own = rows.filter(({ variant }) => variant.arm === arm)
    const [first] = own
    if (first === undefined) return []
    const style = styleOf(styles, first.variant)
    const { colour } = style
    return [
      Plot.line(own, { x, y, stroke: colour, strokeWidth: 1.25, strokeOpacity: 0.6 }),
      Plot.ruleX(own, {
        x,
        y1: (row: Row) => row.accuracy.low,
        y2: (row: Row) => row.accuracy.high,
        stroke: colour,
        strokeOpacity: 0.75,
      }),
      Plot.ruleY(own, {
        y,
        x1: (row: Row) => row.speedup.low,
        x2: (row: Row) => row.speedup.high,
        stroke: colour,
        strokeOpacity: 0.75,
      }),
      Plot.dot(own, {
        x,
        y,
        ...dotStyle(style),
        r: 4.5,
        title: (row: Row) =>
          `${row.variant.label}\n${withInterval(row.speedup, times)}\naccuracy ${withInterval(row.accuracy, percent)}`,
        tip: true,
      }),
      Plot.text(apart(own, { rows, width }), {
        x,
        y,
        text: (row: Row) => sweptValue(row, rows),
        dx: 6,
        // Arms take turns above and below, so that neighbours' labels do not meet.
        dy: index % 2 === 0 ? 10 : -9,
        textAnchor: 'start',
        fill: 'var(--ink-soft)',
        stroke: 'var(--paper)',
        strokeWidth: 3,
        fontSize: LABEL_PX,
      }),
    ]
  })
  return drawPlot({
    width,
    height: 360,
    marginLeft: 46,
    // The label of the axis stands above a tick at its end.
    marginTop: 30,
    marginBottom: 40,
    ariaLabel: 'Accuracy by speed-up, one point for each variant',
    x: { label: 'Speed-up over autoregressive (×)', grid: true, nice: true },
    y: { label: 'Accuracy', percent: true, tickFormat: (value: number) => `${value}%`, grid: true, nice: true },
    marks: [
      floor === undefined ? null : Plot.ruleY([floor], { stroke: 'var(--ink-soft)', strokeDasharray: '3 4' }),
      ...marks,
    ],
  })
}
