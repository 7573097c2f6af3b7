import type { OverviewPage, RunEntry } from '../page-data.ts'
import { column, estimateColumn } from './data-table.ts'
import { element } from './element.ts'
import { figure } from './frame.ts'
import { intervalRows } from './interval-rows.ts'
import { percentage, ratio, times } from './number-format.ts'

/** Every run, newest first: what it asked, with what, and its numbers with their intervals. */
export function runList({ runs, claims }: OverviewPage): HTMLElement {
  const list = element('ol', { class: 'run-list' }, runs.map(runItem))
  if (claims === null) return list
  return element('div', {}, [
    element('p', {}, [element('a', { href: claims }, ['What these runs say about the claims of the paper'])]),
    list,
  ])
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

function runFigure({ runId }: RunEntry, { task, network, over, isGraded, variants, diagnoses }: Result): HTMLElement {
  const diagnosed = diagnoses === 1 ? ' One diagnosis applies.' : ` ${diagnoses} diagnoses apply.`
  return figure<Line>({
    id: `result-${runId}`,
    title: `Speed-up over ${over}`,
    draw: (width) =>
      intervalRows({
        ariaLabel: `Speed-up over ${over}, one row for each arm`,
        width,
        rows: variants.map(({ label, speedup, style }) => ({ label, value: speedup, style })),
        axis: { label: 'Speed-up (×)' },
        reference: 1,
        format: times,
      }),
    table: {
      label: `Numbers of ${runId}`,
      columns: [
        column({ label: 'Variant', key: 'variant', value: ({ label }) => label }),
        estimateColumn({ label: 'Speed-up', key: 'speedup', value: ({ speedup }) => speedup, format: ratio }),
        estimateColumn({
          label: 'Accuracy %',
          key: 'accuracy',
          value: ({ accuracy }) => accuracy,
          format: percentage,
        }),
      ],
      rows: variants,
    },
    caption:
      `One variant an arm, on ${task} at ${network}, virtual clock; speed-up with 95 % bootstrap intervals, paired and clustered by item, ` +
      `${isGraded ? 'accuracy with 95 % Wilson intervals' : 'answers are not graded'}.${diagnoses === 0 ? '' : diagnosed}`,
    sources: ['summary.json'],
    data: `data/${runId}`,
  })
}
