import type { Quality, Variant } from '@dsd-lab/experiments/schema'
import * as Plot from '@observablehq/plot'
import type { RunPage } from '../page-data.ts'
import { roundsByLength, roundsOf } from '../run/rounds-by-length.ts'
import { column, estimateColumn, numberColumn } from './data-table.ts'
import { drawPlot } from './draw-plot.ts'
import { absence, figure } from './frame.ts'
import { fixed, percent, percentage, ratio } from './number-format.ts'
import { pooledNetworks } from './pooled-networks.ts'
import { qualityOf } from './run-lookup.ts'
import type { Selection } from './selection.ts'
import { styleOf, type VariantStyles, variantStyles } from './variant-style.ts'

interface Judged {
  readonly variant: Variant
  readonly quality: Quality
}

interface Length {
  readonly variant: Variant
  readonly length: number
  readonly rounds: number
  readonly share: number
}

/** How many drafted tokens a round kept. */
export function acceptedLength(run: RunPage, { task, variants }: Selection): HTMLElement {
  const id = 'accepted-length'
  const title = 'Accepted length of a round'
  const judged = variants.flatMap((variant): Judged[] => {
    const quality = qualityOf(run, { variant, task })
    return quality === undefined || variant.decode === 'autoregressive' ? [] : [{ variant, quality }]
  })
  if (judged.length === 0) return absence({ id, title, reason: 'No speculative variant is selected.' })
  const styles = variantStyles(run)
  return figure({
    id,
    title,
    draw: (width) => draw({ width, lengths: judged.flatMap(lengthsOf), styles }),
    table: {
      label: `Accepted length on ${task}`,
      columns: [
        column<Judged>({ label: 'Variant', key: 'variant', value: ({ variant }) => variant.label }),
        estimateColumn<Judged>({
          label: 'Tokens a round',
          key: 'tokens_per_round',
          value: ({ quality }) => quality.tokensPerRound,
          format: ratio,
        }),
        estimateColumn<Judged>({
          label: 'Drafted kept %',
          key: 'acceptance',
          value: ({ quality }) => quality.acceptance,
          format: percentage,
        }),
        numberColumn<Judged>({
          label: 'Rounds',
          key: 'rounds',
          value: ({ quality }) => roundsOf(quality),
          text: ({ quality }) => fixed(roundsOf(quality), 0),
        }),
        numberColumn<Judged>({
          label: 'Relaxed',
          key: 'relaxed_rate',
          value: ({ quality }) => quality.relaxedRate,
          text: ({ quality }) => percent(quality.relaxedRate),
        }),
      ],
      rows: judged,
    },
    caption:
      `Share of rounds by number of drafted tokens kept, on ${task}; the tick marks the mean. Tokens a round add the target’s own token; ` +
      'their 95 % bootstrap intervals are clustered by item. Relaxed: share of committed tokens kept against the target’s own choice.' +
      pooledNetworks(judged.map(({ variant }) => variant)),
    sources: ['summary.json'],
    data: run.data,
  })
}

function lengthsOf({ variant, quality }: Judged): Length[] {
  const counts = roundsByLength(quality)
  const rounds = roundsOf(quality)
  return counts.map((count, length) => ({ variant, length, rounds: count, share: rounds === 0 ? 0 : count / rounds }))
}

function draw({
  width,
  lengths,
  styles,
}: {
  width: number
  lengths: readonly Length[]
  styles: VariantStyles
}): Element {
  const labels = [...new Set(lengths.map(({ variant }) => variant.label))]
  const label = ({ variant }: Length): string => variant.label
  const means = labels.map((name) => {
    const own = lengths.filter((row) => label(row) === name)
    return { name, mean: own.reduce((sum, row) => sum + row.length * row.share, 0) }
  })
  const longest = Math.max(...lengths.map(({ length }) => length))
  return drawPlot({
    width,
    height: 64 + labels.length * 72,
    marginLeft: 42,
    marginRight: 8,
    marginTop: 24,
    marginBottom: 40,
    ariaLabel: 'Share of rounds by accepted length, one row for each variant',
    fy: { domain: labels, axis: null, padding: 0.38 },
    x: { domain: [-0.5, longest + 0.5], label: 'Drafted tokens kept', ticks: longest + 1, tickFormat: 'd' },
    y: { label: null, percent: true, ticks: 2, tickFormat: (value: number) => `${value}%`, grid: true },
    marks: [
      Plot.rectY(lengths, {
        fy: label,
        x1: (row: Length) => row.length - 0.36,
        x2: (row: Length) => row.length + 0.36,
        y: 'share',
        fill: (row: Length) => styleOf(styles, row.variant).colour,
        fillOpacity: 0.85,
        title: (row: Length) =>
          `${label(row)}\n${row.length} kept in ${percent(row.share)} of rounds (${fixed(row.rounds, 0)})`,
        tip: true,
      }),
      Plot.ruleY([0], { stroke: 'var(--ink-soft)' }),
      Plot.tickX(means, { fy: 'name', x: 'mean', stroke: 'var(--ink)', strokeWidth: 2 }),
      Plot.text(labels, {
        fy: (name: string) => name,
        text: (name: string) => name,
        frameAnchor: 'top-left',
        dy: -15,
        fontWeight: 550,
        fill: 'var(--ink)',
      }),
    ],
    color: { type: 'identity' },
  })
}
