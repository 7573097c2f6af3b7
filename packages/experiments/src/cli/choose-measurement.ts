import { join, resolve } from 'node:path'
import { EvidenceFolder, evidencePath } from '../evidence/evidence-folder.ts'
import { type KeptEntry, MEASUREMENT_FILES } from '../evidence/evidence-schema.ts'
import { unpackMeasurement } from '../evidence/measurement.ts'
import { type FoundMeasurement, findMeasurement } from '../importance/find-measurement.ts'
import { chosenByName } from '../store/chosen-by-name.ts'
import { runsFolder } from '../store/runs-folder.ts'
import type { RunChoice } from './choose-run.ts'
import { entryAt, type Kept } from './entry-at.ts'
import type { Terminal } from './terminal.ts'

/**
 * A finished measurement of importance for reading: one of the folder of runs, or where none is called so one of evidence, unpacked into
 * `evidence/` of the runs; undefined when there is none.
 *
 * @throws DsdError `bad-input` when several begin so, or it is not finished; `environment` when evidence is damaged.
 */
export async function chooseMeasurement({ name, runs, to }: RunChoice): Promise<FoundMeasurement | undefined> {
  const home = runsFolder(runs)
  const kept = await entryAt(resolve(name), {
    file: MEASUREMENT_FILES.labels,
    among: ({ measurements }) => measurements,
  })
  if (kept !== undefined) return unpacked({ ...kept, home, to })
  const own = await findMeasurement(home, name)
  if (own !== undefined || !name.startsWith('importance-')) return own
  const evidence = await EvidenceFolder.open(evidencePath())
  const { measurements: among } = evidence.index
  const entry = chosenByName({ name, among, idOf: ({ runId }) => runId, where: evidence.path, what: 'measurements' })
  return entry === undefined ? undefined : unpacked({ evidence, entry, home, to })
}

async function unpacked({
  evidence,
  entry,
  home,
  to,
}: Kept<KeptEntry> & { readonly home: string; readonly to: Terminal }): Promise<FoundMeasurement> {
  to.err.write(`${entry.runId}: unpacked from evidence\n`)
  return await unpackMeasurement({ evidence, entry, runs: join(home, 'evidence') })
}
