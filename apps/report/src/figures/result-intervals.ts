import type { Estimate, Quality, Speed, Variant } from '@dsd-lab/experiments/schema'
import * as Plot from '@observablehq/plot'
import type { RunPage } from '../page-data.ts'
import { column, estimateColumn } from './data-table.ts'
import { drawPlot, narrowPx } from './draw-plot.ts'
import { element } from './element.ts'
import { absence, figure } from './frame.ts'
import { brief, network, percent, points, ratio, times, withInterval } from './number-format.ts'
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
  return figure({
    id,
    title,
    draw: (width) => draw({ width, rows, styles }),
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
      `${rows[0]?.quality.items ?? 0} items of ${task} at ${network(condition)}, virtual clock. Speed-up over autoregressive decoding: 95 % bootstrap intervals, paired and clustered by item; ` +
      'accuracy: 95 % Wilson intervals.',
    sources: ['summary.json'],
    data: run.data,
  })
}

interface Mark {
  readonly variant: Variant
  readonly value: Estimate
}

function draw({ width, rows, styles }: { width: number; rows: readonly Row[]; styles: VariantStyles }): Element {
  const half = width < narrowPx ? width : Math.floor((width - 24) / 2)
  const speedups = rows.flatMap(({ variant, speed }): Mark[] =>
    speed.speedupOverAutoregressive ? [{ variant, value: speed.speedupOverAutoregressive }] : [],
  )
  const accuracies = rows.map(({ variant, quality }): Mark => ({ variant, value: quality.accuracy }))
  const labels = rows.map(({ variant }) => variant.label)
  const panel = (
    marks: readonly Mark[],
    axis: Plot.ScaleOptions,
    format: (value: number) => string,
    ariaLabel: string,
  ): Element =>
    drawPlot({
      width: half,
      height: 44 + rows.length * 44,
      marginLeft: 6,
      marginRight: 14,
      marginTop: 4,
      marginBottom: 40,
      ariaLabel,
      x: { grid: true, nice: true, ticks: 5, ...axis },
      y: { domain: labels, axis: null, padding: 0.4 },
      color: { type: 'identity' },
      marks: [
        ...marks.flatMap((mark) => {
          const { colour, symbol } = styleOf(styles, mark.variant)
          const y = (): string => mark.variant.label
          return [
            Plot.ruleY([mark], { y, x1: mark.value.low, x2: mark.value.high, stroke: colour, strokeWidth: 2, dy: 7 }),
            Plot.dot([mark], {
              y,
              x: mark.value.estimate,
              symbol,
              r: 5,
              fill: colour,
              stroke: 'var(--paper)',
              strokeWidth: 1,
              dy: 7,
              title: () => `${mark.variant.label}\n${withInterval(mark.value, format)}`,
              tip: { dy: 7 },
            }),
          ]
        }),
        Plot.text(labels, {
          y: (label: string) => label,
          text: (label: string) => label,
          frameAnchor: 'left',
          dy: -10,
          textAnchor: 'start',
          fill: 'var(--ink)',
        }),
      ],
    })
  return element('div', { class: 'plot-pair' }, [
    panel(
      speedups,
      { label: 'Speed-up over autoregressive (×)' },
      times,
      'Speed-up over autoregressive decoding by variant',
    ),
    panel(
      accuracies,
      { label: 'Accuracy', percent: true, tickFormat: (value: number) => `${value}%` },
      percent,
      'Accuracy by variant',
    ),
  ])
}
