import type { JudgedClaim, JudgedReading } from '@dsd-lab/experiments/schema-claims'
import type { ClaimsPage } from '../page-data.ts'
import { column, csvText, type DataTable, estimateColumn, tableElement } from './data-table.ts'
import { element } from './element.ts'
import { fixed, typeset } from './number-format.ts'

/** Every claim with its rule, and a row for each run that says something about it. */
export function claimList({ claims, pages }: ClaimsPage): HTMLElement {
  return element(
    'div',
    { class: 'claims' },
    claims.map((claim) => claimSection(claim, pages)),
  )
}

function claimSection({ id, text, source, rule, readings }: JudgedClaim, pages: ClaimsPage['pages']): HTMLElement {
  const table = readingTable({ id, readings, pages })
  const csv = `data:text/csv;charset=utf-8,${encodeURIComponent(csvText(table))}`
  return element('section', { id: `claim-${id}`, class: 'claim' }, [
    element('p', { class: 'kicker' }, [source]),
    element('h2', {}, [text]),
    element('p', { class: 'facts claim-rule' }, [typeset(`Rule: ${rule}.`)]),
    tableElement(table),
    element('p', { class: 'facts claim-rows' }, [element('a', { href: csv, download: `${id}.csv` }, ['rows (csv)'])]),
  ])
}

function readingTable({
  id,
  readings,
  pages,
}: {
  readonly id: string
  readonly readings: readonly JudgedReading[]
  readonly pages: ClaimsPage['pages']
}): DataTable<JudgedReading> {
  return {
    label: `What runs say about ${id}`,
    rows: readings,
    columns: [
      column({ label: 'Verdict', key: 'verdict', value: ({ verdict }) => verdict, text: verdictMark }),
      estimateColumn({
        label: 'Number',
        key: 'value',
        value: ({ measured }) => measured?.value ?? null,
        format: (value) => fixed(value, 2),
      }),
      column({ label: 'Of', key: 'of', value: ({ measured }) => (measured === null ? '' : unitText(measured)) }),
      column({ label: 'Conditions', key: 'conditions', value: conditionsOf }),
      column({
        label: 'Why, and beside it',
        key: 'because',
        value: ({ because, beside }) => [because, ...beside].join('; '),
        text: ({ because, beside }) => typeset([because, ...beside].join('; ')),
      }),
      column({ label: 'Run', key: 'run', value: ({ runId }) => runId, text: ({ runId }) => runLink(runId, pages) }),
    ],
  }
}

function verdictMark({ verdict }: JudgedReading): HTMLElement {
  return element('strong', { class: `claim-verdict ${verdict.split(' ')[0]}` }, [verdict])
}

function unitText({ what, unit }: NonNullable<JudgedReading['measured']>): string {
  return `${{ x: 'times', '%': '%', points: 'points' }[unit]}, ${what}`
}

function conditionsOf({ pair, conditions, note }: JudgedReading): string {
  return [pair, conditions, note].filter(Boolean).join('; ')
}

function runLink(runId: string | null, pages: ClaimsPage['pages']): HTMLElement | string {
  if (runId === null) return '–'
  const page = pages[runId]
  return page === undefined ? runId : element('a', { href: page }, [runId])
}
