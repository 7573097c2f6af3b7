import { join, resolve } from 'node:path'
import { EvidenceFolder, evidencePath } from '../evidence/evidence-folder.ts'
import { EVIDENCE_FILES, type EvidenceEntry } from '../evidence/evidence-schema.ts'
import { unpackRun } from '../evidence/unpack-run.ts'
import { chosenByName } from '../store/chosen-by-name.ts'
import { type FoundRun, findRun, runsFolder, searchRun } from '../store/runs-folder.ts'
import { entryAt, type Kept } from './entry-at.ts'
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
  const kept = await entryAt(resolve(name), { file: EVIDENCE_FILES.decodings, among: (index) => index.runs })
  if (kept !== undefined) return unpacked({ ...kept, home, to })
  const own = await searchRun(home, name)
  if (own !== undefined) return own
  const evidence = await EvidenceFolder.open(evidencePath())
  const { runs: among } = evidence.index
  const entry =
    name === 'latest' ? undefined : chosenByName({ name, among, idOf: ({ runId }) => runId, where: evidence.path })
  return entry === undefined ? findRun(home, name) : unpacked({ evidence, entry, home, to })
}

async function unpacked({
  evidence,
  entry,
  home,
  to,
}: Kept<EvidenceEntry> & { readonly home: string; readonly to: Terminal }): Promise<FoundRun> {
  to.err.write(`${entry.runId}: unpacked from evidence\n`)
  const folder = await unpackRun({ evidence, entry, runs: join(home, 'evidence') })
  return { folder, manifest: await folder.manifest(), complete: true }
}
