import { column, numberColumn } from '../figures/data-table.ts'
import { figure } from '../figures/frame.ts'
import { patchLegend } from '../figures/legend.ts'
import { brief } from '../figures/number-format.ts'
import { partBars, partsOf, sumMs } from '../figures/part-bars.ts'
import type { TimeShares, WhatIfPage } from '../page-data.ts'
import type { Reply } from './ask.ts'
import type { WindowResult } from './replayed-windows.ts'

interface Row {
  readonly label: string
  readonly shares: TimeShares
}

/** Where the time of a token goes, plain and with the window asked about. */
export function timeOfAToken({ data }: WhatIfPage, { plain, chosen, question }: Reply): HTMLElement {
  const rows: readonly Row[] = [
    { label: 'plain decoding', shares: sharesOf(plain) },
    {
      label: chosen.gamma === 'auto' ? 'window chosen on the way' : `window of ${chosen.gamma}`,
      shares: sharesOf(chosen),
    },
  ]
  const parts = partsOf(rows.map(({ shares }) => shares))
  return figure<Row>({
    id: 'time-of-a-token',
    title: 'Where the time of a token goes',
    legend: patchLegend(parts),
    draw: (width) => partBars({ ariaLabel: 'Milliseconds a token by part', width, rows }),
    table: {
      label: `Milliseconds a token by part on ${question.task}`,
      columns: [
        column({ label: 'Decoding', key: 'decoding', value: ({ label }) => label }),
        ...parts.map(({ key, label }) =>
          numberColumn<Row>({
            label,
            key: `${key.replace('Ms', '')}_ms_per_token`,
            value: ({ shares }) => shares[key],
            text: ({ shares }) => brief(shares[key]),
          }),
        ),
        numberColumn({
          label: 'Sum ms',
          key: 'sum_ms_per_token',
          value: ({ shares }) => sumMs(shares),
          text: ({ shares }) => brief(sumMs(shares)),
        }),
      ],
      rows,
    },
    caption:
      'Mean ms a token over all replayed texts, prompts included; links hold the way back and what frames wait for each other.',
    sources: [],
    data,
  })
}

function sharesOf({ shares }: WindowResult): TimeShares {
  return { ...shares, queueMs: 0, returnMs: 0, restMs: 0 }
}
