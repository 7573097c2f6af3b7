import type { Variant } from '@dsd-lab/experiments/schema'
import type { CellRounds, RunPage } from '../page-data.ts'
import { column, numberColumn } from './data-table.ts'
import { absence, figure } from './frame.ts'
import { patchLegend } from './legend.ts'
import { brief, network } from './number-format.ts'
import { partBars, partsOf, sumMs } from './part-bars.ts'
import { roundsOf } from './run-lookup.ts'
import type { Selection } from './selection.ts'

interface Row {
  readonly variant: Variant
  readonly shares: CellRounds['shares']
}

/** Where the time of a committed token goes. */
export function timeByPart(run: RunPage, { task, condition, variants }: Selection): HTMLElement {
  const id = 'time-by-part'
  const title = 'Where the time of a token goes'
  const rows = variants.flatMap((variant): Row[] => {
    const cell = roundsOf(run, { variant, task, condition })
    return cell === undefined ? [] : [{ variant, shares: cell.shares }]
  })
  const [first] = rows
  if (first === undefined) return absence({ id, title, reason: 'No timed trace of the variants selected.' })
  const parts = partsOf(rows.map(({ shares }) => shares))
  return figure({
    id,
    title,
    legend: patchLegend(parts),
    draw: (width) =>
      partBars({
        ariaLabel: 'Milliseconds per token by part of the round, one bar for each variant',
        width,
        rows: rows.map(({ variant, shares }) => ({ label: variant.label, shares })),
      }),
    table: {
      label: `Milliseconds per token by part on ${task}`,
      columns: [
        column<Row>({ label: 'Variant', key: 'variant', value: ({ variant }) => variant.label }),
        ...parts.map(({ key, label }) =>
          numberColumn<Row>({
            label,
            key: `${key.replace('Ms', '')}_ms_per_token`,
            value: ({ shares }) => shares[key],
            text: ({ shares }) => brief(shares[key]),
          }),
        ),
        numberColumn<Row>({
          label: 'Sum ms',
          key: 'sum_ms_per_token',
          value: ({ shares }) => sumMs(shares),
          text: ({ shares }) => brief(sumMs(shares)),
        }),
      ],
      rows,
    },
    caption:
      `Mean ms per committed token by part of the round, over the first ${first.shares.items} items of ${task} (${rows.map(({ shares }) => shares.tokens).join(', ')} tokens) at ${network(condition, run.manifest.conditions)}, ` +
      'virtual clock. A sum over sampled rounds, shown without interval; the estimate over all items is the ms column of the figure on cost.',
    sources: ['summary.json'],
    data: run.data,
  })
}
