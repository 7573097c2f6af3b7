import type { TokenType, Variant } from '@dsd-lab/experiments/schema'
import type { RunPage } from '../page-data.ts'
import { column, estimateColumn, numberColumn } from './data-table.ts'
import { drawPlot } from './draw-plot.ts'
import { absence, figure } from './frame.ts'
import { intervalMarks } from './interval-marks.ts'
import { variantLegend } from './legend.ts'
import { fixed, percent, percentage, withInterval } from './number-format.ts'
import type { Selection } from './selection.ts'
import { type ShownVariant, shownVariants } from './shown-variants.ts'
import { variantStyles } from './variant-style.ts'

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
  const shown = shownVariants(run, { variants, rows, gap: gapOf })
  return figure({
    id,
    title,
    legend: variantLegend(
      variantStyles(run),
      shown.map(({ variant }) => variant),
    ),
    draw: (width) => draw({ width, rows, shown }),
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
        estimateColumn<Row>({
          label: 'Kept %',
          key: 'kept',
          value: ({ type }) => type.acceptance,
          format: percentage,
        }),
        numberColumn<Row>({
          label: 'Relaxed',
          key: 'relaxed',
          value: ({ type }) => type.relaxed,
          text: ({ type }) => fixed(type.relaxed, 0),
        }),
        numberColumn<Row>({
          label: 'Corrected',
          key: 'corrected',
          value: ({ type }) => type.corrected,
          text: ({ type }) => fixed(type.corrected, 0),
        }),
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
  readonly shown: readonly ShownVariant<Row>[]
}

/** Rows of many variants are higher, and their marks closer; never so close that they cover each other. */
const gapOf = (variants: number): number => Math.max(5, Math.min(7, 24 / variants))

function draw({ width, rows, shown }: Drawing): Element {
  const label = ({ type }: Row): string => type.name
  const labels = [...new Set(rows.map(label))]
  const marks = shown.flatMap(({ rows: own, style, offset }) =>
    intervalMarks<Row>({
      rows: own,
      along: 'x',
      place: label,
      value: ({ type }) => type.acceptance,
      title: ({ variant, type }) =>
        `${variant.label}, ${type.name}\n${withInterval(type.acceptance, percent)} of ${fixed(type.judged, 0)}`,
      style,
      offset,
      radius: gapOf(shown.length) / 2,
    }),
  )
  return drawPlot({
    width,
    height: 56 + labels.length * (12 + gapOf(shown.length) * shown.length),
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
