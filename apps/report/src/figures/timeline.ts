import type { Condition, Variant } from '@dsd-lab/experiments/schema'
import * as Plot from '@observablehq/plot'
import type { CellRounds, RunPage, TimedRound } from '../page-data.ts'
import { column, numberColumn } from './data-table.ts'
import { drawPlot, narrowPx } from './draw-plot.ts'
import { element } from './element.ts'
import { absence, figure } from './frame.ts'
import { patchLegend } from './legend.ts'
import { brief, network } from './number-format.ts'
import { roundParts } from './round-parts.ts'
import { type RoundSpan, spansOf } from './round-spans.ts'
import { roundsOf } from './run-lookup.ts'
import type { Selection } from './selection.ts'

/** Speculative rounds that the widest panel shows; the others show the same stretch of time. */
const roundsShown = 3

interface Panel {
  readonly variant: Variant
  readonly cell: CellRounds
}

interface Row {
  readonly variant: Variant
  readonly index: number
  readonly round: TimedRound
}

/** A few rounds in space and time: down the page the stations, to the right the clock. */
export function timeline(run: RunPage, { task, condition, variants }: Selection): HTMLElement {
  const id = 'timeline'
  const title = 'A few rounds, from the draft to the verdict'
  const panels = variants.flatMap((variant): Panel[] => {
    const cell = roundsOf(run, { variant, task, condition })
    return cell === undefined ? [] : [{ variant, cell: afterPrompt(cell) }]
  })
  const [first] = panels
  if (first === undefined) return absence({ id, title, reason: 'No timed trace of the variants selected.' })
  const wantedMs = Math.max(...panels.map(({ cell }) => endOf(cell.rounds.slice(0, roundsShown))))
  // No panel may end before the others do because no more of it is known.
  const untilMs = Math.min(wantedMs, ...panels.filter(({ cell }) => cell.isCut).map(({ cell }) => endOf(cell.rounds)))
  const rows = panels.flatMap(({ variant, cell }) =>
    cell.rounds
      .filter((round) => sinceStart(cell, round) < untilMs)
      .map((round, index): Row => ({ variant, index, round })),
  )
  const waits = rows.some(({ round }) => round.queueMs.some((ms) => ms > 0))
  return figure({
    id,
    title,
    legend: patchLegend(roundParts.filter(({ key }) => key !== 'queueMs' || waits)),
    draw: (width) => draw({ width, panels, untilMs, condition }),
    table: {
      label: `The rounds of item ${first.cell.item}`,
      columns: [
        column<Row>({ label: 'Variant', key: 'variant', value: (row) => row.variant.label }),
        numberColumn<Row>({ label: 'Round', key: 'round', value: (row) => row.index + 1 }),
        numberColumn<Row>({ label: 'Tokens', key: 'committed', value: (row) => row.round.committed }),
        ...roundParts
          .filter(({ key }) => key !== 'queueMs' || waits)
          .map(({ key, label }) =>
            numberColumn<Row>({
              label,
              key: `${key.replace('Ms', '')}_ms`,
              value: ({ round }) => sum(round[key]),
              text: ({ round }) => brief(sum(round[key])),
            }),
          ),
        numberColumn<Row>({
          label: 'Round ms',
          key: 'total_ms',
          value: ({ round }) => round.totalMs,
          text: ({ round }) => brief(round.totalMs),
        }),
      ],
      rows,
    },
    tablePlace: 'below',
    caption:
      `Item ${first.cell.item} of ${task} at ${network(condition, run.manifest.conditions)}, virtual clock, after the round that brings the prompt; every panel spans the same ${brief(untilMs)} ms. Bars: the draft model at the coordinator (C), then each node computing. ` +
      'Slopes: a window on its way down the chain, the verdict on its way back. Numbers: tokens that the round committed.',
    sources: [],
    data: run.data,
  })
}

/** Without the round that brings the prompt to the shards: it is long, comes once, and hides the others. */
function afterPrompt(cell: CellRounds): CellRounds {
  const rounds = cell.rounds.filter(({ carriesText }) => !carriesText)
  return rounds.length === 0 ? cell : { ...cell, rounds }
}

const sum = (ms: number | readonly number[]): number =>
  typeof ms === 'number' ? ms : ms.reduce((total, each) => total + each, 0)

const sinceStart = ({ rounds }: Pick<CellRounds, 'rounds'>, round: TimedRound): number =>
  round.startMs - (rounds[0]?.startMs ?? 0)

function endOf(rounds: readonly TimedRound[]): number {
  const last = rounds.at(-1)
  return last === undefined ? 0 : sinceStart({ rounds }, last) + last.totalMs
}

interface Drawing {
  readonly width: number
  readonly panels: readonly Panel[]
  readonly untilMs: number
  readonly condition: Condition
}

function draw({ width, panels, untilMs, condition }: Drawing): Element {
  const lane = width < narrowPx ? 15 : 17
  const plots = panels.map(({ variant, cell }, index) => {
    const startMs = cell.rounds[0]?.startMs ?? 0
    const shown = cell.rounds.filter((round) => sinceStart(cell, round) < untilMs)
    const spans = shown.flatMap((round) => spansOf(round, startMs)).filter(({ fromMs }) => fromMs < untilMs)
    const clipped = spans.map((span) => ({
      ...span,
      toMs: Math.min(span.toMs, untilMs),
      toStation: stationAt(span, untilMs),
    }))
    const verdicts = shown
      .map((round) => ({ atMs: round.startMs - startMs + round.totalMs, committed: round.committed }))
      .filter(({ atMs }) => atMs <= untilMs * 1.001)
    const bars = clipped.filter(({ station, toStation }) => station === toStation)
    const slopes = clipped.filter(({ station, toStation }) => station !== toStation)
    const last = index === panels.length - 1
    const committed = verdicts.reduce((total, verdict) => total + verdict.committed, 0)
    return element('div', {}, [
      element('p', { class: 'panel-title' }, [
        variant.label,
        element('span', { class: 'aside' }, [`${committed} tokens in ${verdicts.length} rounds`]),
      ]),
      drawPlot({
        width,
        height: 26 + (condition.nodes + 1) * lane + (last ? 34 : 6),
        marginLeft: 34,
        marginRight: 14,
        marginTop: 20,
        marginBottom: last ? 40 : 12,
        ariaLabel: `Rounds of ${variant.label} over time, by station`,
        x: { domain: [0, untilMs], label: 'ms', ticks: 6, axis: last ? 'bottom' : null },
        y: {
          domain: [-0.5, condition.nodes + 0.5],
          reverse: true,
          label: null,
          ticks: Array.from({ length: condition.nodes + 1 }, (_, station) => station),
          tickFormat: (station: number) =>
            station === 0 ? 'C' : station === 1 || station === condition.nodes ? String(station) : '',
          tickSize: 0,
        },
        color: { type: 'identity' },
        marks: [
          Plot.ruleY(
            Array.from({ length: condition.nodes + 1 }, (_, station) => station),
            { stroke: 'var(--rule)' },
          ),
          Plot.link(slopes, {
            x1: 'fromMs',
            x2: 'toMs',
            y1: 'station',
            y2: 'toStation',
            stroke: colourOf,
            strokeWidth: 1.5,
            title: describe,
            tip: true,
          }),
          Plot.rect(bars, {
            x1: 'fromMs',
            x2: 'toMs',
            y1: (span: RoundSpan) => span.station - 0.3,
            y2: (span: RoundSpan) => span.station + 0.3,
            fill: colourOf,
            title: describe,
            tip: true,
          }),
          Plot.ruleX(verdicts, { x: 'atMs', stroke: 'var(--ink-soft)', strokeDasharray: '1 3' }),
          Plot.text(verdicts, {
            x: 'atMs',
            y: -0.5,
            text: (verdict: { committed: number }) => `+${verdict.committed}`,
            dy: -8,
            fontWeight: 600,
            fill: 'var(--ink)',
          }),
        ],
      }),
    ])
  })
  return element('div', { class: 'plot-stack' }, plots)
}

const colourOf = ({ part }: RoundSpan): string => part.colour

const describe = ({ part, fromMs, toMs }: RoundSpan): string => `${part.label}: ${brief(toMs - fromMs)} ms`

/** Where a slope is when the panel ends. */
function stationAt({ fromMs, toMs, station, toStation }: RoundSpan, untilMs: number): number {
  return toMs <= untilMs ? toStation : station + ((toStation - station) * (untilMs - fromMs)) / (toMs - fromMs)
}
