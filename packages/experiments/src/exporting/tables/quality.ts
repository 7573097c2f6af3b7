import { notInferior } from '../../statistics/index.ts'
import type { Table } from '../table.ts'
import { intervalColumns, intervalRow, type RunContent, variantColumns, variantRow } from './shared-columns.ts'

/** Estimates that no network changes. */
export function qualityTable({ manifest, summary }: RunContent): Table {
  return {
    columns: {
      ...variantColumns,
      items: 'count',
      ...intervalColumns('accuracy'),
      ...intervalColumns('tokensPerRound'),
      ...intervalColumns('acceptance'),
      relaxedRate: 'number',
      relaxedOfMismatches: 'number',
      ...intervalColumns('differencePoints'),
      mcnemarP: 'number',
      mcnemarMidP: 'number',
      mcnemarHolmP: 'number',
      nonInferiorityP: 'number',
      nonInferiorityHolmP: 'number',
      nonInferior: 'flag',
    },
    rows: summary.quality.map((quality) => ({
      ...variantRow(manifest, quality),
      items: quality.items,
      ...intervalRow('accuracy', quality.accuracy),
      ...intervalRow('tokensPerRound', quality.tokensPerRound),
      ...intervalRow('acceptance', quality.acceptance),
      relaxedRate: quality.relaxedRate,
      relaxedOfMismatches: quality.relaxedOfMismatches,
      ...intervalRow('differencePoints', quality.versusBaseline?.differencePoints ?? null),
      mcnemarP: quality.versusBaseline?.mcnemarP ?? null,
      mcnemarMidP: quality.versusBaseline?.mcnemarMidP ?? null,
      mcnemarHolmP: quality.versusBaseline?.holm?.mcnemarP ?? null,
      nonInferiorityP: quality.versusBaseline?.nonInferiorityP ?? null,
      nonInferiorityHolmP: quality.versusBaseline?.holm?.nonInferiorityP ?? null,
      nonInferior: quality.versusBaseline === null ? null : notInferior(quality.versusBaseline),
    })),
  }
}
