import * as Plot from '@observablehq/plot'
import type { LiveCell, Progress, RunPage } from '../page-data.ts'
import { column, numberColumn } from './data-table.ts'
import { drawPlot, narrowPx } from './draw-plot.ts'
import { element } from './element.ts'
import { absence, figure } from './frame.ts'
import { brief, fixed, network } from './number-format.ts'

type Clock = keyof LiveCell['progress']

interface Point {
  readonly cell: LiveCell
  readonly clock: Clock
  readonly elapsedMs: number
  readonly tokens: number
}

/** Real shard processes on emulated links, laid over the same items on the virtual clock. */
export function liveOverVirtual(run: RunPage): HTMLElement {
  const id = 'live-over-virtual'
  const title = 'Live shard processes over the virtual clock'
  const { live } = run
  if (live.length === 0) {
    return absence({
      id,
      title,
      reason: 'This run has no live cells. Ask for some with `live: { cells: 2, prompts: 4 }` in the experiment.',
    })
  }
  const name = (cell: LiveCell): string => cellName(run, cell)
  return figure({
    id,
    title,
    legend: element('ul', { class: 'legend' }, [
      element('li', {}, [element('span', { class: 'stroke stroke-live', 'aria-hidden': 'true' }), 'live, wall clock']),
      element('li', {}, [element('span', { class: 'stroke stroke-virtual', 'aria-hidden': 'true' }), 'virtual clock']),
    ]),
    draw: (width) => draw({ width, live, name }),
    table: {
      label: 'Live cells',
      columns: [
        column<LiveCell>({ label: 'Cell', key: 'cell', value: name }),
        numberColumn<LiveCell>({ label: 'Items', key: 'items', value: (cell) => cell.items }),
        column<LiveCell>({ label: 'Token ids', key: 'identical', value: (cell) => cell.identical, text: sameTokens }),
        numberColumn<LiveCell>({
          label: 'Measured ms',
          key: 'measured_ms',
          value: (cell) => cell.measuredMs,
          text: (cell) => fixed(cell.measuredMs, 0),
        }),
        numberColumn<LiveCell>({
          label: 'Predicted ms',
          key: 'predicted_ms',
          value: (cell) => cell.predictedMs,
          text: (cell) => fixed(cell.predictedMs, 0),
        }),
        numberColumn<LiveCell>({
          label: 'Ratio',
          key: 'measured_over_predicted',
          value: measuredOverPredicted,
          text: (cell) => fixed(measuredOverPredicted(cell), 3),
        }),
        numberColumn<LiveCell>({
          label: 'Worst link',
          key: 'worst_link_error_ms',
          value: worstLinkMs,
          text: (cell) => `${fixed(worstLinkMs(cell), 2)} ms off`,
        }),
        numberColumn<LiveCell>({
          label: 'Base ms a pass',
          key: 'measured_base_ms',
          value: (cell) => cell.measuredCompute.baseMs,
          text: (cell) => brief(cell.measuredCompute.baseMs),
        }),
      ],
      rows: live,
    },
    tablePlace: 'below',
    caption:
      'Tokens committed over time in the first item of each live cell. Live: one process a shard, emulated links, wall time; virtual: the declared compute time on the virtual clock, same token ids. ' +
      'Predicted: the general cost model with the compute times this live run measured, over all its items. A single timing each, so no interval.',
    sources: live.flatMap((cell, index) => [
      { file: cell.trace.replace('trace.jsonl', 'result.json'), label: `result of cell ${index + 1}` },
      { file: cell.trace, label: 'its trace' },
    ]),
    data: run.data,
  })
}

const measuredOverPredicted = (cell: LiveCell): number => cell.measuredMs / cell.predictedMs

const worstLinkMs = ({ links }: LiveCell): number =>
  Math.max(0, ...links.map((link) => Math.abs(link.measuredMs - link.declaredMs)))

const sameTokens = ({ identical, firstDifference }: LiveCell): string =>
  identical || firstDifference === null
    ? 'identical'
    : `part at ${firstDifference.position} of ${firstDifference.item}, margin ${fixed(firstDifference.marginNats, 3)} nats`

function cellName({ manifest }: RunPage, cell: LiveCell): string {
  const condition = manifest.conditions.find(({ id }) => id === cell.condition)
  const variant = manifest.variants.find(({ id }) => id === cell.variant)
  return [
    variant?.label ?? cell.variant,
    cell.task,
    condition === undefined ? cell.condition : network(condition),
  ].join(' · ')
}

interface Drawing {
  readonly width: number
  readonly live: readonly LiveCell[]
  name(cell: LiveCell): string
}

const pointsOf = (cell: LiveCell, clock: Clock): Point[] =>
  cell.progress[clock].map(([elapsedMs, tokens]) => ({ cell, clock, elapsedMs, tokens }))

const lastMs = (progress: Progress): number => progress.at(-1)?.[0] ?? 0

function draw({ width, live, name }: Drawing): Element {
  const narrow = width < narrowPx
  const columns = narrow ? 1 : Math.min(3, live.length)
  const each = Math.floor((width - 28 * (columns - 1)) / columns)
  const endMs = Math.max(...live.flatMap(({ progress }) => [lastMs(progress.live), lastMs(progress.virtual)]))
  const plots = live.map((cell) => {
    const label = name(cell)
    return element('div', {}, [
      element('p', { class: 'panel-title' }, [label]),
      drawPlot({
        width: each,
        height: 220,
        marginLeft: 34,
        marginBottom: 38,
        ariaLabel: `Tokens over time, live and virtual: ${label}`,
        x: { domain: [0, endMs / 1000], label: 'Seconds since the prompt', ticks: 4, grid: true },
        y: { label: 'Tokens', grid: true, ticks: 4, nice: true, zero: true },
        marks: [
          Plot.ruleY([0], { stroke: 'var(--ink-soft)' }),
          Plot.line(pointsOf(cell, 'virtual'), {
            x: seconds,
            y: 'tokens',
            curve: 'step-after',
            stroke: 'var(--clock-virtual)',
            strokeWidth: 2.5,
            strokeOpacity: 0.8,
          }),
          Plot.line(pointsOf(cell, 'live'), {
            x: seconds,
            y: 'tokens',
            curve: 'step-after',
            stroke: 'var(--clock-live)',
            strokeWidth: 1.5,
            strokeDasharray: '4 2',
          }),
        ],
      }),
    ])
  })
  return element('div', { class: 'plot-row' }, plots)
}

const seconds = ({ elapsedMs }: Point): number => elapsedMs / 1000
