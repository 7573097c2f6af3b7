import { join } from 'node:path'
import { Command } from 'commander'
import { findRun, findRuns, runsFolder } from '../../store/runs-folder.ts'
import { buildReport } from '../report-builder.ts'
import { print, type Terminal } from '../terminal.ts'

interface ReportOptions {
  readonly runs?: string
  readonly out?: string
}

export function reportCommand(to: Terminal): Command {
  return new Command('report')
    .description('build the report of some runs as static pages')
    .argument('[runs...]', 'ids, beginnings of ids, folders, or latest; default: every complete run')
    .option('--runs <folder>', 'where runs are kept (default: $DSD_RUNS, else ./runs)')
    .option('--out <folder>', 'where the pages go (default: report, in the folder of the runs)')
    .action(async (names: readonly string[], { runs, out }: ReportOptions) => {
      const home = runsFolder(runs)
      const chosen =
        names.length === 0
          ? (await findRuns(home)).filter(({ complete }) => complete)
          : await Promise.all(names.map((name) => findRun(home, name)))
      const { index } = await buildReport({
        runs: chosen.map(({ folder }) => folder.path),
        outDir: out ?? join(home, 'report'),
      })
      print(to, `report: ${index}`)
    })
}
