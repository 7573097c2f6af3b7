import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { EvidenceFolder, evidencePath } from '../evidence/evidence-folder.ts'
import { EVIDENCE_FILES, type EvidenceEntry } from '../evidence/evidence-schema.ts'
import { unpackRun } from '../evidence/unpack-run.ts'
import { chosenByName } from '../store/chosen-by-name.ts'
import { type FoundRun, findRun, runsFolder, searchRun } from '../store/runs-folder.ts'
import type { Terminal } from './terminal.ts'

export interface RunChoice {
  /** A path, an id, the beginning of one, or `latest`. */
  readonly name: string
  /** As `--runs` says. */
  readonly runs: string | undefined
  readonly to: Terminal
}

/**
 * A run for reading: a run folder, or where none is called so a run of evidence, unpacked into `evidence/` of the runs.
 *
 * @throws DsdError `bad-input` when there is none, or several begin so.
 */
export async function chooseRun({ name, runs, to }: RunChoice): Promise<FoundRun> {
  const home = runsFolder(runs)
  const path = resolve(name)
  const kept = await evidenceAt(path)
  if (kept !== undefined) return unpacked({ ...kept, home, to })
  const own = await searchRun(home, name)
  if (own !== undefined) return own
  const evidence = await EvidenceFolder.open(evidencePath())
  const { runs: among } = evidence.index
  const entry =
    name === 'latest' ? undefined : chosenByName({ name, among, idOf: ({ runId }) => runId, where: evidence.path })
  return entry === undefined ? findRun(home, name) : unpacked({ evidence, entry, home, to })
}

interface KeptRun {
  readonly evidence: EvidenceFolder
  readonly entry: EvidenceEntry
}

/** The run of evidence whose folder this is. */
async function evidenceAt(path: string): Promise<KeptRun | undefined> {
  // Another index.json may lie beside a folder that is no evidence.
  if (!existsSync(join(path, EVIDENCE_FILES.decodings))) return undefined
  const evidence = await EvidenceFolder.open(resolve(path, '..'))
  const entry = evidence.index.runs.find(({ runId }) => join(evidence.path, runId) === path)
  return entry === undefined ? undefined : { evidence, entry }
}

async function unpacked({
  evidence,
  entry,
  home,
  to,
}: KeptRun & { readonly home: string; readonly to: Terminal }): Promise<FoundRun> {
  to.err.write(`${entry.runId}: unpacked from evidence\n`)
  const folder = await unpackRun({ evidence, entry, runs: join(home, 'evidence') })
  return { folder, manifest: await folder.manifest(), complete: true }
}
