import { join } from 'node:path'
import { traceLine } from '@dsd-lab/core'
import { type LaidCell, retimeDecoding } from '../runner/retime-decoding.ts'
import { RunFolder } from '../store/run-folder.ts'
import { hiddenSizeOf } from '../summary/diagnoses.ts'
import { summarise } from '../summary/summarise.ts'
import type { EvidenceRun } from './evidence-run.ts'

/**
 * Writes a run of evidence as a run folder that the report, `exp show` and `exp export` read: what evidence leaves out is computed anew.
 * Recorded passes are not in it.
 */
export async function unpackRun(run: EvidenceRun, runs: string): Promise<RunFolder> {
  const { manifest, decodings, cells, entry } = run
  const folder = new RunFolder(join(runs, manifest.runId))
  if ((await folder.readSummary()) !== undefined) return folder
  const traces = await run.traces()
  for (const result of decodings) {
    const events = traces.get(result.decoding.id) ?? []
    const { id: decoding } = result.decoding
    await folder.writeDecoding(result, events.map(traceLine).join(''))
    const laid = manifest.cells
      .filter((cell) => cell.decoding === decoding)
      .flatMap((cell): LaidCell[] => {
        const condition = manifest.conditions.find(({ id }) => id === cell.condition)
        return condition === undefined ? [] : [{ cell, condition, traced: true }]
      })
    const traceFile = folder.traceFile('decodings', decoding)
    const again = await retimeDecoding({ decoding, traceFile, hiddenSize: hiddenSizeOf(manifest), cells: laid })
    for (const { id, trace } of again.traces) await folder.writeCellTrace(id, trace)
    await folder.writeTimedCells(again.timed)
  }
  for (const { result, trace } of await run.lives()) await folder.writeLive(result, trace.map(traceLine).join(''))
  await folder.writeManifest(manifest)
  await folder.writeSummary(summarise({ manifest, decodings, cells, marginPoints: entry.marginPoints }))
  return folder
}
