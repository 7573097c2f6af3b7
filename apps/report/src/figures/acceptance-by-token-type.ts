import type { TokenType, Variant } from '@dsd-lab/experiments/schema'
import * as Plot from '@observablehq/plot'
import type { RunPage } from '../page-data.ts'
import { column, estimateColumn, numberColumn } from './data-table.ts'
import { drawPlot } from './draw-plot.ts'
import { absence, figure } from './frame.ts'
import { variantLegend } from './legend.ts'
import { fixed, percent, ratio, withInterval } from './number-format.ts'
import type { Selection } from './selection.ts'
import { styleOf, type VariantStyles, variantStyles } from './variant-style.ts'

interface Row {
  readonly variant: Variant
  readonly type: TokenType
}

/** What share of the drafts was kept, by class of the committed token and by its place in the answer. */
export function acceptanceByTokenType(run: RunPage, { task, variants }: Selection): HTMLElement {
  const id = 'acceptance-by-token-type'
  const title = 'Acceptance by token type and place'
  const types = (run.summary.tokenTypes ?? []).filter((type) => type.task === task)
  const rows = variants.flatMap((variant): Row[] =>
    types.filter((type) => type.variant === variant.id).map((type) => ({ variant, type })),
  )
  if (rows.length === 0) {
    const reason =
      types.length === 0 ? 'This run holds no counts by token type.' : 'No speculative variant is selected.'
    return absence({ id, title, reason })
  }
  const styles = variantStyles(run)
  const shown = variants.filter((variant) => rows.some((row) => row.variant === variant))
  return figure({
    id,
    title,
    legend: variantLegend(styles, shown),
    draw: (width) => draw({ width, rows, styles, shown }),
    tablePlace: 'below',
    table: {
      label: `Acceptance by token type and place on ${task}`,
      columns: [
        column<Row>({ label: 'Variant', key: 'variant', value: ({ variant }) => variant.label }),
        column<Row>({ label: 'By', key: 'by', value: ({ type }) => type.by }),
        column<Row>({ label: 'Type', key: 'type', value: ({ type }) => type.name }),
        numberColumn<Row>({
          label: 'Judged',
          key: 'judged',
          value: ({ type }) => type.judged,
          text: ({ type }) => fixed(type.judged, 0),
        }),
        estimateColumn<Row>({ label: 'Kept', key: 'kept', value: ({ type }) => type.acceptance, format: ratio }),
        numberColumn<Row>({ label: 'Relaxed', key: 'relaxed', value: ({ type }) => type.relaxed }),
        numberColumn<Row>({ label: 'Corrected', key: 'corrected', value: ({ type }) => type.corrected }),
        numberColumn<Row>({
          label: 'Importance',
          key: 'importance',
          value: ({ type }) => type.meanImportance,
          text: ({ type }) => (type.meanImportance === null ? '–' : fixed(type.meanImportance, 2)),
        }),
      ],
      rows,
    },
    caption:
      `Share of judged drafts that were kept, on ${task}, by class and by place of the token that was committed; bars are 95 % Wilson ` +
      'intervals clustered by item. Relaxed: kept against the target’s own choice. Importance: mean score of the rule.',
    sources: ['summary.json'],
    data: run.data,
  })
}

interface Drawing {
  readonly width: number
  readonly rows: readonly Row[]
  readonly styles: VariantStyles
  readonly shown: readonly Variant[]
}

function draw({ width, rows, styles, shown }: Drawing): Element {
  const label = ({ type }: Row): string => type.name
  const labels = [...new Set(rows.map(label))]
  const gap = Math.min(7, 24 / shown.length)
  const marks = shown.flatMap((variant, index) => {
    const { colour, symbol } = styleOf(styles, variant)
    const own = rows.filter((row) => row.variant === variant)
    const dy = (index - (shown.length - 1) / 2) * gap
    return [
      Plot.ruleY(own, {
        y: label,
        x1: ({ type }: Row) => type.acceptance.low,
        x2: ({ type }: Row) => type.acceptance.high,
        stroke: colour,
        strokeWidth: 1.5,
        dy,
      }),
      Plot.dot(own, {
        y: label,
        x: ({ type }: Row) => type.acceptance.estimate,
        symbol,
        r: 3.5,
        fill: colour,
        stroke: 'var(--paper)',
        strokeWidth: 1,
        dy,
        title: ({ variant: { label: name }, type }: Row) =>
          `${name}, ${type.name}\n${withInterval(type.acceptance, percent)} of ${fixed(type.judged, 0)}`,
        tip: { dy },
      }),
    ]
  })
  return drawPlot({
    width,
    height: 56 + labels.length * (12 + gap * shown.length),
    marginLeft: 96,
    marginRight: 14,
    marginTop: 8,
    marginBottom: 40,
    ariaLabel: 'Share of judged drafts kept, one row for each token class and place, one mark for each variant',
    x: { label: 'Kept', percent: true, tickFormat: (value: number) => `${value}%`, grid: true, ticks: 5 },
    y: { type: 'band', domain: labels, label: null },
    marks,
  })
}
