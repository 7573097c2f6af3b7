import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { traceLine } from '@dsd-lab/core'
import { codeVersion } from '../plan/code-version.ts'
import { type LaidCell, retimeDecoding } from '../runner/retime-decoding.ts'
import { writeAtomically } from '../store/atomic-write.ts'
import { RunFolder } from '../store/run-folder.ts'
import { hiddenSizeOf } from '../summary/diagnoses.ts'
import { summarise } from '../summary/summarise.ts'
import type { EvidenceFolder } from './evidence-folder.ts'
import type { EvidenceEntry } from './evidence-schema.ts'

/** Says of an unpacked run what it was made from: it is made again when the evidence or the code that computes the rest is another. */
const MARKER = 'unpacked.json'

/**
 * Writes a run of evidence as a run folder that the report, `exp show` and `exp export` read: what evidence leaves out is computed anew.
 * Of recorded passes it has what can be replayed. A folder that is there and was made from the same evidence by the same code is left as it is.
 *
 * @throws DsdError `environment` when the evidence is damaged.
 */
export async function unpackRun({
  evidence,
  entry,
  runs,
}: {
  readonly evidence: EvidenceFolder
  readonly entry: EvidenceEntry
  /** Folder that the run folder goes into. */
  readonly runs: string
}): Promise<RunFolder> {
  const folder = new RunFolder(join(runs, entry.runId))
  const marker = join(folder.path, MARKER)
  const madeFrom = markerOf(entry)
  if ((await readMarker(marker)) === madeFrom && (await folder.readSummary()) !== undefined) return folder
  const run = await evidence.run(entry)
  const { manifest, decodings, cells } = run
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
  await folder.writeAgreedTexts(await run.agreedTexts())
  await folder.writeManifest(manifest)
  await folder.writeSummary(summarise({ manifest, decodings, cells, marginPoints: entry.marginPoints }))
  // Last, so that a kill on the way leaves a folder that is made again.
  await writeAtomically(marker, madeFrom)
  return folder
}

function markerOf({ runId, marginPoints, files }: EvidenceEntry): string {
  const digests = Object.fromEntries(files.map(({ name, sha256 }) => [name, sha256]))
  return `${JSON.stringify({ runId, marginPoints, files: digests, code: codeVersion().analysis }, null, 1)}\n`
}

async function readMarker(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined)
}
