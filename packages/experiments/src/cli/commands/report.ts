import { join } from 'node:path'
import { Command } from 'commander'
import { claims } from '../../claims/index.ts'
import { judgeClaims } from '../../claims/judge-claims.ts'
import { EvidenceFolder, evidencePath } from '../../evidence/evidence-folder.ts'
import { unpackRun } from '../../evidence/unpack-run.ts'
import { findRun, findRuns, runsFolder } from '../../store/runs-folder.ts'
import type { JudgedClaim } from '../../store/schema-claims.ts'
import { drawnFolders, type NamedRun } from '../drawn-folders.ts'
import { buildReport } from '../report-builder.ts'
import { print, type Terminal } from '../terminal.ts'

interface ReportOptions {
  readonly evidence?: string
  readonly runs?: string
  readonly out?: string
  readonly notebooks?: boolean
}

export function reportCommand(to: Terminal): Command {
  return new Command('report')
    .description('build the report of some runs as static pages')
    .argument('[runs...]', 'ids, beginnings of ids, folders, or latest; default: every complete run')
    .option('--runs <folder>', 'where runs are kept (default: $DSD_RUNS, else ./runs)')
    .option('--out <folder>', 'where the pages go (default: report, in the folder of the runs)')
    .option('--notebooks', 'draw a run by the notebook.html in its folder, which is code (default: left out, and said)')
    .option(
      '--evidence <folder>',
      'evidence to judge claims from (default: $DSD_EVIDENCE, else evidence/ of the repository)',
    )
    .action(async (names: readonly string[], { runs, out, evidence, notebooks = false }: ReportOptions) => {
      const home = runsFolder(runs)
      const chosen =
        names.length === 0
          ? (await findRuns(home)).filter(({ complete }) => complete)
          : await Promise.all(names.map((name) => findRun(home, name)))
      const judged = await judgedEvidence(evidencePath(evidence), join(home, 'evidence'))
      const { index, notes } = await buildReport({
        runs: drawnFolders({ evidence: judged.runs, chosen, to }),
        notebooks,
        outDir: out ?? join(home, 'report'),
        ...(judged.claims.length === 0 ? {} : { claims: judged.claims }),
      })
      for (const note of notes) to.err.write(`${note}\n`)
      print(to, `report: ${index}`)
    })
}

/** The claims as judged, and the runs behind them as run folders; nothing where there is no evidence. */
async function judgedEvidence(
  path: string,
  unpacked: string,
): Promise<{ readonly claims: readonly JudgedClaim[]; readonly runs: readonly NamedRun[] }> {
  const evidence = await EvidenceFolder.open(path)
  await evidence.verify()
  const { runs: entries } = evidence.index
  if (entries.length === 0) return { claims: [], runs: [] }
  const judged = await judgeClaims(claims, (experiment) => evidence.runOf(experiment))
  const runs: NamedRun[] = []
  for (const entry of entries)
    runs.push({ runId: entry.runId, folder: await unpackRun({ evidence, entry, runs: unpacked }) })
  return { claims: judged, runs }
}
