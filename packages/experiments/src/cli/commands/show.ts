import { Command } from 'commander'
import { chooseMeasurement } from '../choose-measurement.ts'
import { chooseRun } from '../choose-run.ts'
import { finishedSummary } from '../finished-summary.ts'
import { importanceText } from '../importance-text.ts'
import { resultText } from '../result-text.ts'
import { print, printJson, type Terminal } from '../terminal.ts'
import { tokenTypeText } from '../token-type-text.ts'

interface ShowOptions {
  readonly runs?: string
  readonly json?: boolean
  readonly all?: boolean
  readonly types?: boolean
}

export function showCommand(to: Terminal): Command {
  return new Command('show')
    .description('print what a run, or a measurement of importance, found')
    .argument('<run>', 'id, beginning of an id, folder, or latest; those in evidence too')
    .option('--runs <folder>', 'where runs are kept (default: $DSD_RUNS, else ./runs)')
    .option('--all', 'show every network')
    .option('--types', 'show what was accepted by token type and place in the answer')
    .option('--json', 'print the summary as JSON')
    .action(async (name: string, { runs, json = false, all = false, types = false }: ShowOptions) => {
      const measured = await chooseMeasurement({ name, runs, to })
      if (measured !== undefined) return json ? printJson(to, measured.evaluation) : print(to, importanceText(measured))
      const run = await chooseRun({ name, runs, to })
      const { folder, manifest } = run
      const summary = await finishedSummary(run)
      if (json) return printJson(to, summary)
      if (types) return print(to, tokenTypeText(manifest, summary))
      const live = await folder.readLives(manifest)
      print(to, resultText({ manifest, summary, live, ...(all ? { networks: Number.POSITIVE_INFINITY } : {}) }))
    })
}
