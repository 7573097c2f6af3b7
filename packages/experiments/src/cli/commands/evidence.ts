import { DsdError } from '@dsd-lab/core'
import { Command } from 'commander'
import { EvidenceFolder, entriesOf, evidencePath, megabytes, totalBytes } from '../../evidence/evidence-folder.ts'
import type { KeptEntry } from '../../evidence/evidence-schema.ts'
import { addMeasurement, measurementManifest } from '../../evidence/measurement.ts'
import { addEvidence } from '../../evidence/pack-run.ts'
import { findMeasurement } from '../../importance/find-measurement.ts'
import type { ImportanceManifest } from '../../importance/schema.ts'
import { findRun, runsFolder } from '../../store/runs-folder.ts'
import type { Manifest } from '../../store/schema.ts'
import { tableText } from '../table.ts'
import { print, printJson, type Terminal } from '../terminal.ts'

interface EvidenceOptions {
  readonly evidence?: string
  readonly runs?: string
  readonly json?: boolean
}

const WHERE = [
  '--evidence <folder>',
  'where evidence is kept (default: $DSD_EVIDENCE, else evidence/ of the repository)',
] as const

export function evidenceCommand(to: Terminal): Command {
  return new Command('evidence')
    .description('finished runs and measurements kept small, with digests: what exp claims and the report read')
    .addCommand(
      new Command('add')
        .description(
          'add a finished run or measurement of importance, in place of an earlier one of the same experiment',
        )
        .argument('<run>', 'id, beginning of an id, folder, or latest')
        .option(...WHERE)
        .option('--runs <folder>', 'where runs are kept (default: $DSD_RUNS, else ./runs)')
        .action((name: string, options: EvidenceOptions) => add(name, options, to)),
    )
    .addCommand(
      new Command('list')
        .description('list the runs and measurements in evidence, every file checked against its digest')
        .option(...WHERE)
        .option('--json', 'print as JSON')
        .action((options: EvidenceOptions) => list(options, to)),
    )
}

async function add(name: string, options: EvidenceOptions, to: Terminal): Promise<void> {
  const runs = runsFolder(options.runs)
  const evidence = await EvidenceFolder.open(evidencePath(options.evidence))
  const measurement = await findMeasurement(runs, name)
  const entry =
    measurement === undefined
      ? await addEvidence({ folder: (await findRun(runs, name)).folder, evidence })
      : await addMeasurement({ measurement, evidence })
  print(to, `added ${entry.runId}: ${megabytes(totalBytes([entry]))} MB, in ${evidence.path}`)
}

async function list({ evidence: path, json = false }: EvidenceOptions, to: Terminal): Promise<void> {
  const evidence = await EvidenceFolder.open(evidencePath(path))
  const entries = entriesOf(evidence.index)
  if (entries.length === 0) {
    throw new DsdError('there is no evidence', {
      kind: 'bad-input',
      where: evidence.path,
      fix: 'add a finished run with exp evidence add <run>',
    })
  }
  await evidence.verify()
  const { runs, measurements } = evidence.index
  if (json) return printJson(to, { runs, measurements })
  const rows: string[][] = []
  for (const entry of runs) rows.push(rowOf(entry, (await evidence.run(entry)).manifest))
  for (const entry of measurements) rows.push(rowOf(entry, await measurementManifest(evidence, entry)))
  print(
    to,
    tableText({
      head: ['experiment', 'run or measurement', 'items', 'made', 'MB'],
      rows,
      align: ['left', 'left', 'left', 'left', 'right'],
    }),
  )
}

function rowOf(
  entry: KeptEntry,
  { tasks, createdAt }: Pick<Manifest | ImportanceManifest, 'tasks' | 'createdAt'>,
): string[] {
  const items = tasks.map((task) => `${task.name} ${task.items}`).join(', ')
  return [entry.experiment, entry.runId, items, createdAt.slice(0, 10), megabytes(totalBytes([entry]))]
}
