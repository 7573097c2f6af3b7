import type { LiveCell, RunPage } from '../page-data.ts'
import { column, numberColumn } from './data-table.ts'
import { element } from './element.ts'
import { absence, figure } from './frame.ts'
import { patchLegend } from './legend.ts'
import { liveLegend, livePanel } from './live-panel.ts'
import { brief, fixed, network } from './number-format.ts'
import { partsOf, sumMs } from './part-bars.ts'

/** Real shard processes, laid over the same items on the virtual clock. */
export function liveOverVirtual(run: RunPage): HTMLElement {
  const id = 'live-over-virtual'
  const title = 'Live shard processes over the virtual clock'
  const { live } = run
  if (live.length === 0) {
    const ask = element('code', {}, ['live: { cells: 2, prompts: 4 }'])
    return absence({
      id,
      title,
      reason: element('span', {}, ['This run has no live cells. Ask for some in the experiment: ', ask, '.']),
    })
  }
  const name = (cell: LiveCell): string => cellName(run, cell)
  const shares = live.flatMap((cell) => [cell.shares.live, cell.shares.virtual])
  return figure({
    id,
    title,
    legend: element('div', {}, [liveLegend(), patchLegend(partsOf(shares))]),
    draw: (width) => draw({ width, live, name }),
    table: {
      label: 'Live cells',
      columns: [
        column<LiveCell>({ label: 'Cell', key: 'cell', value: name }),
        numberColumn<LiveCell>({ label: 'Items', key: 'items', value: (cell) => cell.items }),
        column<LiveCell>({
          label: 'Token ids',
          key: 'identical',
          value: (cell) => cell.identical,
          text: sameTokens,
        }),
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
          label: 'Measured over predicted',
          key: 'measured_over_predicted',
          value: measuredOverPredicted,
          text: (cell) => fixed(measuredOverPredicted(cell), 3),
        }),
        numberColumn<LiveCell>({
          label: 'Worst link',
          key: 'worst_link_error_ms',
          value: worstLinkMs,
          text: worstLinkText,
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
      'Above, tokens committed over time in one item of each live cell; below, mean ms per token by part over the items traced on both clocks. ' +
      `Live: ${placeOf(live)}, wall time; virtual: ${run.manifest.conditions[0]?.compute.kind ?? 'declared'} compute on the virtual clock. ` +
      'Predicted: the general cost model with the compute times that the live run measured, over all its items. Each timed once, so without interval.',
    sources: live.flatMap((cell, index) => [
      { file: cell.trace.replace('trace.jsonl', 'result.json'), label: `result of cell ${index + 1}` },
      { file: cell.trace, label: 'its trace' },
    ]),
    data: run.data,
  })
}

function placeOf(live: readonly LiveCell[]): string {
  const { over } = live.find((cell) => cell.over !== undefined) ?? {}
  if (over === undefined) return 'one process a shard, emulated links'
  const addresses = over.nodes.map(({ address }) => address).join(', ')
  return `nodes at ${addresses}, ${over.links === 'real' ? 'the real network between them' : 'emulated links'}`
}

function measuredOverPredicted({ measuredMs, predictedMs }: LiveCell): number {
  return measuredMs / predictedMs
}

type Link = LiveCell['links'][number]

/** What the self-check refuses by; runs from before it was kept have the two medians alone. */
const offMs = (link: Link): number => link.offMs ?? Math.abs(link.measuredMs - link.declaredMs)

function worstLink({ links }: LiveCell): Link | undefined {
  return links.toSorted((a, b) => offMs(b) - offMs(a))[0]
}

function worstLinkMs(cell: LiveCell): number {
  const worst = worstLink(cell)
  return worst === undefined ? 0 : offMs(worst)
}

function worstLinkText(cell: LiveCell): string {
  const worst = worstLink(cell)
  if (worst === undefined) return 'not checked'
  if (cell.over?.links === 'real') return `${fixed(worst.measuredMs, 2)} ms, declared ${fixed(worst.declaredMs, 2)}`
  const off = fixed(offMs(worst), 2)
  if (worst.offMs === undefined) return `medians ${off} ms apart`
  return worst.toleranceMs === undefined ? `${off} ms off` : `${off} ms off, ${fixed(worst.toleranceMs, 2)} allowed`
}

function sameTokens({ identical, firstDifference }: LiveCell): string {
  if (identical || firstDifference === null) return 'identical'
  const { item, position, marginNats } = firstDifference
  return `part at ${position} of ${item}, margin ${fixed(marginNats, 3)} nats`
}

function cellName({ manifest }: RunPage, cell: LiveCell): string {
  const condition = manifest.conditions.find(({ id }) => id === cell.condition)
  const variant = manifest.variants.find(({ id }) => id === cell.variant)
  return [
    variant?.label ?? cell.variant,
    cell.task,
    condition === undefined ? cell.condition : network(condition, manifest.conditions),
  ].join(' · ')
}

interface Drawing {
  readonly width: number
  readonly live: readonly LiveCell[]
  name(cell: LiveCell): string
}

/** Panels side by side on common axes, as many in a row as fit. */
function draw({ width, live, name }: Drawing): Element {
  const gapPx = 28
  const columns = Math.max(1, Math.min(3, live.length, Math.floor(width / 320)))
  const panelWidth = Math.floor((width - gapPx * (columns - 1)) / columns)
  const ends = live.flatMap(({ progress }) => [progress.live.at(-1)?.[0] ?? 0, progress.virtual.at(-1)?.[0] ?? 0])
  const sums = live.flatMap(({ shares }) => [sumMs(shares.live), sumMs(shares.virtual)])
  const panels = live.map((cell) =>
    livePanel({ cell, title: name(cell), width: panelWidth, endMs: Math.max(...ends), longestMs: Math.max(...sums) }),
  )
  return element('div', { class: 'plot-row' }, panels)
}
