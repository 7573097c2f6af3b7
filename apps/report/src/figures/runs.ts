import type { Estimate } from '@dsd-lab/experiments/schema'
import * as Plot from '@observablehq/plot'
import type { OverviewPage, RunEntry } from '../page-data.ts'
import { column, csvText, estimateColumn, tableElement } from './data-table.ts'
import { drawPlot } from './draw-plot.ts'
import { element } from './element.ts'
import { fixed, network, percent, ratio, times, withInterval } from './number-format.ts'

/** Every run, newest first: what it asked, with what, and its numbers with their intervals. */
export function runList({ runs }: OverviewPage): HTMLElement {
  return element('ol', { class: 'run-list' }, runs.map(runItem))
}

function runItem(run: RunEntry): HTMLElement {
  const { result } = run
  const title = result === undefined ? run.title : element('a', { href: result.page }, [run.title])
  const models = run.draft === null ? run.target : `${run.target} with ${run.draft}`
  const facts = [
    run.createdAt.slice(0, 16).replace('T', ' '),
    models,
    run.engine,
    run.commit === null ? '' : `commit ${run.commit}`,
  ]
  return element('li', {}, [
    element('p', { class: 'kicker' }, [run.runId]),
    element('h2', {}, [title]),
    element('p', { class: 'facts' }, [facts.filter(Boolean).join(' · ')]),
    result === undefined
      ? element('p', { class: 'unfinished' }, [`Not finished: \`exp run ${run.file}\` resumes it.`])
      : runFigure(run, result),
  ])
}

type Result = NonNullable<RunEntry['result']>
type Line = Result['variants'][number]

function runFigure({ runId }: RunEntry, { task, condition, variants, diagnoses }: Result): HTMLElement {
  const plot = element('div', { class: 'plot' })
  let drawn = 0
  new ResizeObserver(([entry]) => {
    const width = Math.floor(entry?.contentRect.width ?? 0)
    if (width < 40 || Math.abs(width - drawn) < 2) return
    drawn = width
    plot.replaceChildren(draw(width, variants))
  }).observe(plot)
  const table = {
    label: `Numbers of ${runId}`,
    columns: [
      column<Line>({ label: 'Variant', key: 'variant', value: ({ label }) => label }),
      estimateColumn<Line>({
        label: 'Speed-up',
        key: 'speedup',
        value: ({ speedup }) => speedup,
        format: ratio,
      }),
      estimateColumn<Line>({
        label: 'Accuracy',
        key: 'accuracy',
        value: ({ accuracy }) => accuracy,
        format: (value) => fixed(value, 3),
      }),
    ],
    rows: variants,
  }
  const csv = `data:text/csv;charset=utf-8,${encodeURIComponent(csvText(table))}`
  return element('figure', { class: 'figure table-beside' }, [
    element('div', { class: 'figure-body' }, [plot, tableElement(table)]),
    element('figcaption', {}, [
      `Speed-up over autoregressive decoding, one variant an arm, on ${task} at ${network(condition)}; 95 % intervals, virtual clock. `,
      diagnoses === 0 ? '' : `${diagnoses} ${diagnoses === 1 ? 'diagnosis' : 'diagnoses'}. `,
      element('span', { class: 'sources' }, [
        'Drawn from ',
        element('a', { href: csv, download: `${runId}.csv` }, ['rows (csv)']),
        ' · ',
        element('a', { href: `data/${runId}/manifest.json` }, ['manifest.json']),
        ' · ',
        element('a', { href: `data/${runId}/summary.json` }, ['summary.json']),
      ]),
    ]),
  ])
}

function draw(width: number, variants: readonly Line[]): Element {
  const labels = variants.map(({ label }) => label)
  const speedup =
    (end: keyof Estimate) =>
    (line: Line): number =>
      line.speedup[end]
  const colour = (line: Line): string => `var(--arm-${(variants.indexOf(line) % 6) + 1})`
  return drawPlot({
    width,
    height: 44 + 40 * variants.length,
    marginLeft: 6,
    marginRight: 14,
    marginTop: 4,
    marginBottom: 40,
    ariaLabel: 'Speed-up over autoregressive decoding, one row for each arm',
    x: { label: 'Speed-up (×)', grid: true, nice: true, ticks: 5 },
    y: { domain: labels, axis: null, padding: 0.4 },
    color: { type: 'identity' },
    marks: [
      Plot.ruleX([1], { stroke: 'var(--arm-reference)' }),
      Plot.ruleY(variants, {
        y: 'label',
        x1: speedup('low'),
        x2: speedup('high'),
        stroke: colour,
        strokeWidth: 2,
        dy: 7,
      }),
      Plot.dot(variants, {
        y: 'label',
        x: speedup('estimate'),
        r: 4.5,
        fill: colour,
        stroke: 'var(--paper)',
        dy: 7,
        title: (line: Line) =>
          `${line.label}\n${withInterval(line.speedup, times)}\naccuracy ${withInterval(line.accuracy, percent)}`,
        tip: { dy: 7 },
      }),
      Plot.text(labels, {
        y: (label: string) => label,
        text: (label: string) => label,
        frameAnchor: 'left',
        textAnchor: 'start',
        dy: -9,
        fill: 'var(--ink)',
      }),
    ],
  })
}
