import type { Table } from '../table.ts'
import {
  intervalColumns,
  intervalRow,
  networkColumns,
  networkRow,
  type RunContent,
  variantColumns,
  variantRow,
} from './shared-columns.ts'

/** Estimates of every network. */
export function speedTable({ manifest, summary }: RunContent): Table {
  return {
    columns: {
      ...variantColumns,
      ...networkColumns,
      ...intervalColumns('msPerToken'),
      ...intervalColumns('speedupOverAutoregressive'),
      ...intervalColumns('speedupOverBaseline'),
      roundsPerToken: 'number',
      forwardBytesPerToken: 'number',
      verdictBytesPerToken: 'number',
      predictedPaper: 'number',
      predictedGeneral: 'number',
    },
    rows: summary.speed.map((speed) => ({
      ...variantRow(manifest, speed),
      ...networkRow(manifest, speed.condition),
      ...intervalRow('msPerToken', speed.msPerToken),
      ...intervalRow('speedupOverAutoregressive', speed.speedupOverAutoregressive),
      ...intervalRow('speedupOverBaseline', speed.speedupOverBaseline),
      roundsPerToken: speed.roundsPerToken,
      forwardBytesPerToken: speed.forwardBytesPerToken,
      verdictBytesPerToken: speed.verdictBytesPerToken,
      predictedPaper: speed.predicted?.paper ?? null,
      predictedGeneral: speed.predicted?.general ?? null,
    })),
  }
}
