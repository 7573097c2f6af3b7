import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { EvidenceFolder } from '../evidence/evidence-folder.ts'
import type { EvidenceFile, EvidenceIndex, KeptEntry } from '../evidence/evidence-schema.ts'

export interface Kept<Entry extends KeptEntry> {
  readonly evidence: EvidenceFolder
  readonly entry: Entry
}

export interface KeptKind<Entry extends KeptEntry> {
  /** A file that such a folder has, and no folder of runs. */
  readonly file: EvidenceFile
  readonly among: (index: EvidenceIndex) => readonly Entry[]
}

/** The run or measurement of evidence whose folder this is; undefined when it is none. */
export async function entryAt<Entry extends KeptEntry>(
  path: string,
  { file, among }: KeptKind<Entry>,
): Promise<Kept<Entry> | undefined> {
  // Another index.json may lie beside a folder that is no evidence.
  if (!existsSync(join(path, file))) return undefined
  const evidence = await EvidenceFolder.open(resolve(path, '..'))
  const entry = among(evidence.index).find(({ runId }) => join(evidence.path, runId) === path)
  return entry === undefined ? undefined : { evidence, entry }
}
