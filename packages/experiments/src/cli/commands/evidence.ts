import { DsdError } from '@dsd-lab/core'
import { Command } from 'commander'
import { EvidenceFolder, evidencePath, megabytes, totalBytes } from '../../evidence/evidence-folder.ts'
import { addEvidence } from '../../evidence/pack-run.ts'
import { findRun, runsFolder } from '../../store/runs-folder.ts'
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
    .description('finished runs kept small, with digests: what exp claims and the report read')
    .addCommand(
      new Command('add')
        .description('add a finished run, in place of an earlier one of the same experiment')
        .argument('<run>', 'id, beginning of an id, folder, or latest')
        .option(...WHERE)
        .option('--runs <folder>', 'where runs are kept (default: $DSD_RUNS, else ./runs)')
        .action((name: string, options: EvidenceOptions) => add(name, options, to)),
    )
    .addCommand(
      new Command('list')
        .description('list the runs in evidence, every file checked against its digest')
        .option(...WHERE)
        .option('--json', 'print as JSON')
        .action((options: EvidenceOptions) => list(options, to)),
    )
}

async function add(name: string, options: EvidenceOptions, to: Terminal): Promise<void> {
  const { folder } = await findRun(runsFolder(options.runs), name)
  const evidence = await EvidenceFolder.open(evidencePath(options.evidence))
  const entry = await addEvidence({ folder, evidence })
  print(to, `added ${entry.runId}: ${megabytes(totalBytes([entry]))} MB, in ${evidence.path}`)
}

async function list({ evidence: path, json = false }: EvidenceOptions, to: Terminal): Promise<void> {
  const evidence = await EvidenceFolder.open(evidencePath(path))
  const { runs } = evidence.index
  if (runs.length === 0) {
    throw new DsdError('there is no evidence', {
      kind: 'bad-input',
      where: evidence.path,
      fix: 'add a finished run with exp evidence add <run>',
    })
  }
  await evidence.verify()
  const rows: string[][] = []
  for (const entry of runs) {
    const { manifest } = await evidence.run(entry)
    const items = manifest.tasks.map((task) => `${task.name} ${task.items}`).join(', ')
    rows.push([entry.experiment, entry.runId, items, manifest.createdAt.slice(0, 10), megabytes(totalBytes([entry]))])
  }
  if (json) return printJson(to, runs)
  print(
    to,
    tableText({
      head: ['experiment', 'run', 'items', 'made', 'MB'],
      rows,
      align: ['left', 'left', 'left', 'left', 'right'],
    }),
  )
}
