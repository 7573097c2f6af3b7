import type { Condition, Estimate, Variant } from '@dsd-lab/experiments/schema'
import * as Plot from '@observablehq/plot'
import type { RunPage } from '../page-data.ts'
import { column, estimateColumn, numberColumn } from './data-table.ts'
import { drawPlot, narrowPx } from './draw-plot.ts'
import { absence, figure } from './frame.ts'
import { intervalMarks } from './interval-marks.ts'
import { variantLegend } from './legend.ts'
import { linkTraits, ratio, times, withInterval } from './number-format.ts'
import type { Selection } from './selection.ts'
import { type ShownVariant, shownVariants } from './shown-variants.ts'
import { variantStyles } from './variant-style.ts'

interface Row {
  readonly variant: Variant
  readonly condition: Condition
  readonly speedup: Estimate
}

const latencyLabel = ({ condition }: Row): string => `${condition.link.latencyMs} ms links`

/** Speed-up over autoregressive decoding by number of nodes, one panel a link latency. */
export function speedupByNodes(run: RunPage, { task, condition, variants }: Selection): HTMLElement {
  const id = 'speedup-by-nodes'
  const title = 'Speed-up over autoregressive decoding'
  const rows = speedupRows(run, { task, condition, variants })
  if (rows.length === 0)
    return absence({ id, title, reason: 'Nothing selected was timed beside autoregressive decoding.' })
  const shown = shownVariants(run, { variants, rows, gap: () => 6 })
  const traits = linkTraits(condition.link).join(', ')
  const items = run.summary.quality.find((quality) => quality.task === task)?.items ?? 0
  return figure({
    id,
    title,
    legend: variantLegend(
      variantStyles(run),
      shown.map(({ variant }) => variant),
    ),
    draw: (width) => draw({ width, rows, shown }),
    table: {
      label: `Speed-up on ${task} by variant and network`,
      columns: [
        column<Row>({ label: 'Variant', key: 'variant', value: (row) => row.variant.label }),
        numberColumn<Row>({ label: 'Nodes', key: 'nodes', value: (row) => row.condition.nodes }),
        numberColumn<Row>({ label: 'Link ms', key: 'latency_ms', value: (row) => row.condition.link.latencyMs }),
        estimateColumn<Row>({
          label: 'Speed-up',
          key: 'speedup',
          value: (row) => row.speedup,
          format: ratio,
        }),
      ],
      rows,
    },
    caption:
      `Mean ms per token of autoregressive decoding over that of the variant, on the same ${items} items of ${task}; ` +
      `bars are 95 % bootstrap intervals, paired and clustered by item; virtual clock${traits === '' ? '' : `, links with ${traits}`}. ` +
      'At 1 a variant is as fast as autoregressive decoding.',
    sources: ['summary.json'],
    data: run.data,
  })
}

/** On networks that differ from the chosen one in nodes and latency alone: others would be points on top of each other. */
function speedupRows({ manifest, summary }: RunPage, { task, condition: chosen, variants }: Selection): Row[] {
  const traits = besideNodesAndLatency(chosen)
  return variants.flatMap((variant) =>
    summary.speed.flatMap((speed) => {
      const condition = manifest.conditions.find(({ id }) => id === speed.condition)
      const speedup = speed.speedupOverAutoregressive
      if (speed.variant !== variant.id || speed.task !== task || speedup === null) return []
      return condition !== undefined && besideNodesAndLatency(condition) === traits
        ? [{ variant, condition, speedup }]
        : []
    }),
  )
}

/** Measured compute is the whole model's, cut over the nodes: it differs with them alone. */
function besideNodesAndLatency({ link, compute }: Condition): string {
  const { kind, baseMs, perRowMs, draftStepMs } = compute
  return [...linkTraits(link), ...(kind === 'measured' ? [] : [baseMs, perRowMs, draftStepMs])].join()
}

interface Drawing {
  readonly width: number
  readonly rows: readonly Row[]
  readonly shown: readonly ShownVariant<Row>[]
}

function draw({ width, rows, shown }: Drawing): Element {
  const narrow = width < narrowPx
  const panel = narrow ? { fy: latencyLabel } : { fx: latencyLabel }
  const panels = [
    ...new Set(rows.toSorted((a, b) => a.condition.link.latencyMs - b.condition.link.latencyMs).map(latencyLabel)),
  ]
  const nodes = (row: Row): number => row.condition.nodes
  const marks = shown.flatMap(({ rows: unsorted, style, offset }) => {
    const own = unsorted.toSorted((a, b) => nodes(a) - nodes(b))
    return [
      Plot.line(own, {
        ...panel,
        x: nodes,
        y: (row: Row) => row.speedup.estimate,
        stroke: style.colour,
        strokeDasharray: style.dash,
        strokeWidth: 1.5,
        dx: offset,
      }),
      ...intervalMarks<Row>({
        rows: own,
        along: 'y',
        place: nodes,
        value: ({ speedup }) => speedup,
        title: (row) =>
          `${row.variant.label}\n${row.condition.nodes} nodes, ${latencyLabel(row)}\n${withInterval(row.speedup, times)}`,
        style,
        offset,
        panel,
      }),
    ]
  })
  const reachesUnit = rows.some((row) => row.speedup.low < 1.4)
  return drawPlot({
    width,
    height: narrow ? 60 + 150 * panels.length : 340,
    marginLeft: 40,
    // The label of the axis stands above those of the panels.
    marginTop: narrow ? 28 : 44,
    marginRight: narrow ? 76 : 16,
    marginBottom: 40,
    ariaLabel: 'Speed-up by number of nodes, one panel for each link latency',
    fx: { domain: panels, label: null, padding: 0.08 },
    fy: { domain: panels, label: null, padding: 0.12 },
    x: { type: 'point', domain: [...new Set(rows.map(nodes))].sort((a, b) => a - b), label: 'Nodes', padding: 0.6 },
    y: { label: 'Speed-up (×)', grid: true, nice: true, zero: false, ticks: 5 },
    marks: [
      reachesUnit ? Plot.ruleY([1], { stroke: 'var(--arm-reference)', strokeWidth: 1.25 }) : null,
      Plot.frame({ stroke: 'var(--rule)' }),
      ...marks,
    ],
  })
}
