import type { Estimate, Quality, Speed, Variant } from '@dsd-lab/experiments/schema'
import type { RunPage } from '../page-data.ts'
import { column, estimateColumn } from './data-table.ts'
import { narrowPx } from './draw-plot.ts'
import { element } from './element.ts'
import { absence, figure } from './frame.ts'
import { type IntervalRow, intervalRows } from './interval-rows.ts'
import { brief, network, percent, points, ratio, times } from './number-format.ts'
import { qualityOf, speedOf } from './run-lookup.ts'
import type { Selection } from './selection.ts'
import { styleOf, type VariantStyles, variantStyles } from './variant-style.ts'

interface Row {
  readonly variant: Variant
  readonly speed: Speed
  readonly quality: Quality
}

/** Speed and accuracy of the selected variants under one network, as intervals one under the other. */
export function resultIntervals(run: RunPage, { task, condition, variants }: Selection): HTMLElement {
  const { manifest } = run
  const id = 'result'
  const title = 'Speed and accuracy of the selected variants'
  const rows = variants.flatMap((variant): Row[] => {
    const speed = speedOf(run, { variant, task, condition })
    const quality = qualityOf(run, { variant, task })
    return speed && quality ? [{ variant, speed, quality }] : []
  })
  if (rows.length === 0) return absence({ id, title, reason: 'No variant is selected.' })
  const styles = variantStyles(run)
  const reference = against(run, rows)
  return figure({
    id,
    title,
    draw: (width) => draw({ width, rows, styles, reference }),
    table: {
      label: `Result on ${task}`,
      columns: [
        column<Row>({ label: 'Variant', key: 'variant', value: ({ variant }) => variant.label }),
        estimateColumn<Row>({
          label: 'ms a token',
          key: 'ms_per_token',
          value: ({ speed }) => speed.msPerToken,
          format: brief,
        }),
        estimateColumn<Row>({
          label: `Over ${manifest.baseline}`,
          key: 'speedup_over_baseline',
          value: ({ speed }) => speed.speedupOverBaseline,
          format: ratio,
        }),
        estimateColumn<Row>({
          label: `Points against ${manifest.baseline}`,
          key: 'difference_points',
          value: ({ quality }) => quality.versusBaseline?.differencePoints ?? null,
          format: points,
        }),
      ],
      rows,
    },
    caption:
      `${rows[0]?.quality.items ?? 0} items of ${task} at ${network(condition, run.manifest.conditions)}, virtual clock. Speed-up over ${reference.name}: 95 % bootstrap intervals, paired and clustered by item; ` +
      (rows.some(({ quality }) => quality.accuracy !== null)
        ? 'accuracy: 95 % Wilson intervals.'
        : 'answers are not graded.'),
    sources: ['summary.json'],
    data: run.data,
  })
}

const unit: Estimate = { estimate: 1, low: 1, high: 1 }

/** What speed is drawn against: plain decoding, or the baseline where the run has no plain decoding. */
interface Against {
  readonly name: string
  speedup(row: Row): Estimate | null
}

function against({ manifest: { baseline } }: RunPage, rows: readonly Row[]): Against {
  if (rows.some(({ speed }) => speed.speedupOverAutoregressive !== null)) {
    const isPlain = ({ variant }: Row): boolean => variant.decode === 'autoregressive'
    return { name: 'autoregressive', speedup: (row) => (isPlain(row) ? unit : row.speed.speedupOverAutoregressive) }
  }
  const isBaseline = ({ variant }: Row): boolean => variant.arm === baseline
  return { name: baseline, speedup: (row) => (isBaseline(row) ? unit : row.speed.speedupOverBaseline) }
}

interface Drawing {
  readonly width: number
  readonly rows: readonly Row[]
  readonly styles: VariantStyles
  readonly reference: Against
}

function draw({ width, rows, styles, reference }: Drawing): Element {
  const half = width < narrowPx ? width : Math.floor((width - 24) / 2)
  const row = ({ variant }: Row, value: Estimate): IntervalRow => ({
    label: variant.label,
    value,
    style: styleOf(styles, variant),
  })
  const speedups = rows.flatMap((of): IntervalRow[] => {
    const speedup = reference.speedup(of)
    return speedup === null ? [] : [row(of, speedup)]
  })
  const graded = rows.flatMap((of): IntervalRow[] =>
    of.quality.accuracy === null ? [] : [row(of, of.quality.accuracy)],
  )
  const plots = [
    {
      ariaLabel: `Speed-up over ${reference.name} by variant`,
      rows: speedups,
      axis: { label: `Speed-up over ${reference.name} (×)` },
      reference: 1,
      format: times,
    },
    {
      ariaLabel: 'Accuracy by variant',
      rows: graded,
      axis: { label: 'Accuracy', percent: true, tickFormat: (value: number) => `${value}%` },
      format: percent,
    },
  ].filter((plot) => plot.rows.length > 0)
  return element(
    'div',
    { class: 'plot-pair' },
    plots.map((plot) => intervalRows({ ...plot, width: half })),
  )
}
