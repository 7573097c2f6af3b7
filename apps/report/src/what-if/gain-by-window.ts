import * as Plot from '@observablehq/plot'
import { column, numberColumn } from '../figures/data-table.ts'
import { drawPlot, narrowPx } from '../figures/draw-plot.ts'
import { figure } from '../figures/frame.ts'
import { brief, bytes, fixed, ratio, times, withInterval } from '../figures/number-format.ts'
import type { WhatIfPage } from '../page-data.ts'
import type { Reply } from './ask.ts'
import type { WindowResult } from './replayed-windows.ts'

/** Speed-up of every window on the network that is asked about. */
export function gainByWindow({ data }: WhatIfPage, { windows, chosen, question }: Reply): HTMLElement {
  const rows = chosen.gamma === 'auto' ? [...windows, chosen] : windows
  return figure<WindowResult>({
    id: 'gain-by-window',
    title: 'Speed-up over plain decoding by window',
    draw: (width) => draw({ width, windows, chosen }),
    table: {
      label: `Speed-up on ${question.task} by window`,
      columns: [
        column({
          label: 'Window',
          key: 'gamma',
          value: ({ gamma }) => gamma,
          text: ({ gamma }) => (gamma === 0 ? 'plain' : String(gamma)),
        }),
        numberColumn({
          label: 'Speed-up',
          key: 'speedup',
          value: ({ speedup }) => speedup.estimate,
          text: ({ speedup }) => withInterval(speedup, ratio),
        }),
        numberColumn({
          label: 'ms a token',
          key: 'ms_per_token',
          value: ({ msPerToken }) => msPerToken,
          text: ({ msPerToken }) => brief(msPerToken),
        }),
        numberColumn({
          label: 'Tokens a round',
          key: 'tokens_per_round',
          value: ({ tokensPerRound }) => tokensPerRound,
          text: ({ tokensPerRound }) => fixed(tokensPerRound),
        }),
        numberColumn({
          label: 'Bytes a token',
          key: 'bytes_per_token',
          value: ({ bytesPerToken }) => bytesPerToken,
          text: ({ bytesPerToken }) => bytes(bytesPerToken),
        }),
      ],
      rows,
    },
    caption:
      `Plain decoding’s time over that of each window, on the same recorded texts of ${question.task}, virtual clock. ` +
      'Bars: 95 % intervals over texts; the network is the one asked about.',
    sources: [],
    data,
  })
}

function draw({ width, windows, chosen }: { readonly width: number } & Pick<Reply, 'windows' | 'chosen'>): Element {
  const own = windows.filter((window) => window.gamma === chosen.gamma)
  return drawPlot({
    width,
    height: 300,
    marginLeft: 40,
    marginBottom: 40,
    ariaLabel: 'Speed-up over plain decoding by size of the window',
    x: {
      label: 'Window (drafts a round, 0 is plain decoding)',
      ticks: width < narrowPx ? 8 : windows.length - 1,
      tickFormat: String,
    },
    y: { label: 'Speed-up (×)', grid: true, nice: true, zero: true },
    marks: [
      Plot.ruleY([1], { stroke: 'var(--arm-reference)', strokeWidth: 1.25 }),
      chosen.gamma === 'auto'
        ? Plot.ruleY([chosen.speedup.estimate], { stroke: 'var(--accent)', strokeDasharray: '5 3' })
        : null,
      Plot.line(windows, { x: 'gamma', y: estimateOf, stroke: 'var(--arm-1)', strokeWidth: 1.5 }),
      Plot.ruleX(windows, {
        x: 'gamma',
        y1: ({ speedup }: WindowResult) => speedup.low,
        y2: ({ speedup }: WindowResult) => speedup.high,
        stroke: 'var(--arm-1)',
        strokeOpacity: 0.6,
      }),
      Plot.dot(windows, {
        x: 'gamma',
        y: estimateOf,
        r: 3.5,
        fill: 'var(--arm-1)',
        stroke: 'var(--paper)',
        title: ({ gamma, speedup }: WindowResult) => `window ${gamma}\n${withInterval(speedup, times)}`,
        tip: true,
      }),
      Plot.dot(own, { x: 'gamma', y: estimateOf, r: 7, stroke: 'var(--accent)', strokeWidth: 2 }),
    ],
  })
}

const estimateOf = ({ speedup }: WindowResult): number => speedup.estimate
