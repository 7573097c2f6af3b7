import { Command } from 'commander'
import { type FoundRun, findRuns, runsFolder } from '../../store/runs-folder.ts'
import { tableText } from '../table.ts'
import { print, printJson, type Terminal } from '../terminal.ts'

export function listCommand(to: Terminal): Command {
  return new Command('list')
    .description('list the runs, newest first')
    .option('--runs <folder>', 'where runs are kept (default: $DSD_RUNS, else ./runs)')
    .option('--json', 'print as JSON')
    .action(async ({ runs, json = false }: { runs?: string; json?: boolean }) => {
      const found = await findRuns(runsFolder(runs))
      const rows = found.map(rowOf)
      if (json) return printJson(to, rows)
      if (rows.length === 0)
        return print(to, `no runs in ${runsFolder(runs)}; make one with exp run ablation-adaptive.ts`)
      print(
        to,
        tableText({
          head: ['run', 'made', 'state', 'cells', 'question'],
          rows: rows.map(({ run, made, state, cells, title }) => [
            run,
            made.slice(0, 16).replace('T', ' '),
            state,
            String(cells),
            title,
          ]),
          align: ['left', 'left', 'left', 'right', 'left'],
        }),
      )
    })
}

function rowOf({ manifest, complete, folder }: FoundRun): {
  run: string
  made: string
  state: 'complete' | 'unfinished'
  cells: number
  title: string
  folder: string
} {
  return {
    run: manifest.runId,
    made: manifest.createdAt,
    state: complete ? 'complete' : 'unfinished',
    cells: manifest.cells.length,
    title: manifest.title,
    folder: folder.path,
  }
}
