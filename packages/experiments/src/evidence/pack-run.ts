import { readFile } from 'node:fs/promises'
import { DsdError, readTrace, type TraceEvent } from '@dsd-lab/core'
import { relaxesByJudgement } from '../plan/relaxes.ts'
import { DEFAULT_MARGIN_POINTS } from '../plan/sample-size.ts'
import type { RunFolder } from '../store/run-folder.ts'
import type { CellResult, DecodingResult, Manifest } from '../store/schema.ts'
import type { EvidenceFolder } from './evidence-folder.ts'
import { EVIDENCE_FILES, type EvidenceEntry, type EvidenceFile } from './evidence-schema.ts'
import { packLines } from './json-lines.ts'

/**
 * Adds a finished run to evidence.
 *
 * @throws DsdError `bad-input` when the run is not finished, or an arm that relaxes has no control.
 */
export async function addEvidence({
  folder,
  evidence,
}: {
  readonly folder: RunFolder
  readonly evidence: EvidenceFolder
}): Promise<EvidenceEntry> {
  const manifest = await folder.manifest()
  await folder.summary()
  requireControls(manifest)
  const contents = new Map<EvidenceFile, Uint8Array>([
    [EVIDENCE_FILES.manifest, Buffer.from(`${JSON.stringify(manifest, null, 1)}\n`)],
    [EVIDENCE_FILES.decodings, await packLines(await decodingResults(folder, manifest))],
    [EVIDENCE_FILES.cells, await packLines(await cellResults(folder, manifest))],
    [EVIDENCE_FILES.traces, await packLines(await traces(folder, manifest))],
    [EVIDENCE_FILES.live, await packLines(await lives(folder, manifest))],
    [EVIDENCE_FILES.agreement, await packLines(await folder.readAgreedTexts(manifest))],
  ])
  const { runId, file: experiment, title } = manifest
  return evidence.add({ runId, experiment, title, marginPoints: marginOf(manifest) }, contents)
}

/** A gain of a relaxed arm means nothing without one that relaxes as often by chance. */
function requireControls({ variants, runId }: Manifest): void {
  const bare = variants.find(
    (variant) => relaxesByJudgement(variant) && !variants.some(({ controls }) => controls === variant.id),
  )
  if (bare === undefined) return
  throw new DsdError(`the arm ${bare.label} relaxes and has no control`, {
    kind: 'bad-input',
    where: runId,
    fix: `add an arm with randomRelaxation({ matchRateOf: '${bare.arm}' }) and run it again`,
  })
}

function marginOf({ experiment }: Manifest): number {
  return typeof experiment.marginPoints === 'number' ? experiment.marginPoints : DEFAULT_MARGIN_POINTS
}

async function decodingResults(folder: RunFolder, { decodings }: Manifest): Promise<DecodingResult[]> {
  const found: DecodingResult[] = []
  for (const { id } of decodings) {
    const result = await folder.readDecoding(id)
    if (result === undefined) throw missing(id)
    found.push(result)
  }
  return found
}

async function cellResults(folder: RunFolder, { cells }: Manifest): Promise<CellResult[]> {
  const found = await folder.readCells(cells)
  const timed = new Set(found.map(({ cell }) => cell.id))
  const untimed = cells.find(({ id }) => !timed.has(id))
  if (untimed !== undefined) throw missing(untimed.id)
  return found
}

function missing(id: string): DsdError {
  return new DsdError(`its result ${id} is missing`, {
    kind: 'bad-input',
    fix: 'run the same exp run command again: it makes what is missing',
  })
}

async function traces(folder: RunFolder, { decodings }: Manifest): Promise<unknown[]> {
  const lines: unknown[] = []
  for (const { id } of decodings) {
    const file = folder.traceFile('decodings', id)
    const { events } = readTrace(await readFile(file, 'utf8'), file)
    lines.push({ decoding: id, events: events.map(rounded) })
  }
  return lines
}

async function lives(folder: RunFolder, { live }: Manifest): Promise<unknown[]> {
  const lines: unknown[] = []
  for (const id of live) {
    const result = await folder.readLive(id)
    // Shard processes may have failed where the run itself did not.
    if (result === undefined) continue
    const file = folder.traceFile('live', id)
    lines.push({ result, trace: readTrace(await readFile(file, 'utf8'), file).events })
  }
  return lines
}

/** Annotations to four digits: they are drawn, and no number of a claim rests on them. */
function rounded(event: TraceEvent): TraceEvent {
  if (event.type !== 'commit') return event
  const { importance, entropyNats, marginNats } = event
  return {
    ...event,
    ...(importance === undefined ? {} : { importance: importance.map(fourDigits) }),
    ...(entropyNats === undefined ? {} : { entropyNats: entropyNats.map(fourDigits) }),
    ...(marginNats === undefined ? {} : { marginNats: marginNats.map(fourDigits) }),
  }
}

function fourDigits(value: number | null): number | null {
  return value === null ? null : Math.round(1e4 * value) / 1e4
}
