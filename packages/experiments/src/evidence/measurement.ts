import { join } from 'node:path'
import { evaluateImportance } from '../importance/evaluation/evaluate.ts'
import type { FoundMeasurement } from '../importance/find-measurement.ts'
import { ImportanceFolder } from '../importance/importance-folder.ts'
import { type ImportanceManifest, importanceManifestSchema } from '../importance/schema.ts'
import { damaged } from './damaged.ts'
import type { EvidenceFolder } from './evidence-folder.ts'
import { type EvidenceFile, type KeptEntry, MEASUREMENT_FILES } from './evidence-schema.ts'
import { packText, parseChecked, unpackText } from './json-lines.ts'

/** Adds a finished measurement of importance to evidence. */
export async function addMeasurement({
  measurement: { folder, manifest },
  evidence,
}: {
  readonly measurement: Pick<FoundMeasurement, 'folder' | 'manifest'>
  readonly evidence: EvidenceFolder
}): Promise<KeptEntry> {
  const { id: runId, file: experiment, title } = manifest
  const { answers, labels, effects } = await folder.texts()
  return evidence.addMeasurement(
    { runId, experiment, title },
    new Map<EvidenceFile, Uint8Array>([
      [MEASUREMENT_FILES.manifest, Buffer.from(`${JSON.stringify(manifest, null, 1)}\n`)],
      [MEASUREMENT_FILES.answers, await packText(answers)],
      [MEASUREMENT_FILES.labels, await packText(labels)],
      [MEASUREMENT_FILES.effects, await packText(effects)],
    ]),
  )
}

/**
 * Writes a measurement of evidence as the folder that `exp show` reads, and computes evaluation and scorer from it.
 *
 * @throws DsdError `environment` when the evidence is damaged.
 */
export async function unpackMeasurement({
  evidence,
  entry,
  runs,
}: {
  readonly evidence: EvidenceFolder
  readonly entry: KeptEntry
  /** Folder that the folder of the measurement goes into. */
  readonly runs: string
}): Promise<FoundMeasurement> {
  const folder = new ImportanceFolder(join(runs, entry.runId))
  const manifest = await measurementManifest(evidence, entry)
  const text = async (name: EvidenceFile): Promise<string> =>
    unpackText({ packed: await evidence.read(entry, name), where: `${entry.runId}/${name}` })
  await folder.replaceTexts(manifest, {
    answers: await text(MEASUREMENT_FILES.answers),
    labels: await text(MEASUREMENT_FILES.labels),
    effects: await text(MEASUREMENT_FILES.effects),
  })
  return { folder, manifest, evaluation: await evaluateImportance({ folder, manifest }) }
}

/** @throws DsdError `environment` when it is damaged, or of another measurement. */
export async function measurementManifest(evidence: EvidenceFolder, entry: KeptEntry): Promise<ImportanceManifest> {
  const where = `${entry.runId}/${MEASUREMENT_FILES.manifest}`
  const text = (await evidence.read(entry, MEASUREMENT_FILES.manifest)).toString('utf8')
  const manifest = parseChecked({ text, schema: importanceManifestSchema, where })
  if (manifest.id !== entry.runId) throw damaged(where, `is of the measurement ${manifest.id}`)
  return manifest
}
