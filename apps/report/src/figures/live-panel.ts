import * as Plot from '@observablehq/plot'
import type { LiveCell, Progress } from '../page-data.ts'
import { drawPlot } from './draw-plot.ts'
import { element } from './element.ts'
import { partBars } from './part-bars.ts'

export interface LivePanel {
  readonly cell: LiveCell
  readonly title: string
  readonly width: number
  /** End of the time axis, shared by all panels. */
  readonly endMs: number
  /** End of the axis of ms per token, shared by all panels. */
  readonly longestMs: number
}

/** Which line is which clock. */
export function liveLegend(): HTMLElement {
  const entry = (clock: 'live' | 'virtual', label: string): HTMLElement =>
    element('li', {}, [element('span', { class: `stroke stroke-${clock}`, 'aria-hidden': 'true' }), label])
  return element('ul', { class: 'legend' }, [entry('live', 'live, wall clock'), entry('virtual', 'virtual clock')])
}

/** One live cell: tokens over time on both clocks, and under it where the time of a token went. */
export function livePanel({ cell, title, width, endMs, longestMs }: LivePanel): HTMLElement {
  const line = (progress: Progress, options: Plot.LineOptions): Plot.Line =>
    Plot.line(progress, {
      x: ([elapsedMs]: Progress[number]) => elapsedMs / 1000,
      y: ([, tokens]: Progress[number]) => tokens,
      curve: 'step-after',
      ...options,
    })
  return element('div', {}, [
    element('p', { class: 'panel-title' }, [title]),
    drawPlot({
      ariaLabel: `Tokens over time, live and virtual: ${title}`,
      width,
      height: 220,
      marginLeft: 34,
      marginBottom: 38,
      x: { domain: [0, endMs / 1000], label: 'Seconds since the prompt', ticks: 4, grid: true },
      y: { label: 'Tokens', grid: true, ticks: 4, nice: true, zero: true },
      marks: [
        Plot.ruleY([0], { stroke: 'var(--ink-soft)' }),
        line(cell.progress.virtual, { stroke: 'var(--clock-virtual)', strokeWidth: 2.5 }),
        line(cell.progress.live, { stroke: 'var(--clock-live)', strokeWidth: 1.5, strokeDasharray: '4 2' }),
      ],
    }),
    partBars({
      ariaLabel: `Milliseconds per token by part, live and virtual: ${title}`,
      width,
      rows: [
        { label: 'live', shares: cell.shares.live },
        { label: 'virtual', shares: cell.shares.virtual },
      ],
      endMs: longestMs,
    }),
  ])
}
