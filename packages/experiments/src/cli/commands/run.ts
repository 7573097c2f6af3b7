import { basename, join } from 'node:path'
import { DsdError } from '@dsd-lab/core'
import { Command, InvalidArgumentError } from 'commander'
import { checkDeclaration, type Experiment } from '../../dsl/check.ts'
import { relaxes } from '../../plan/relaxes.ts'
import { DEFAULT_MARGIN_POINTS, sampleSizeAdvice } from '../../plan/sample-size.ts'
import { planVariants } from '../../plan/variants.ts'
import type { ChosenTask, Setting } from '../../runner/gather-facts.ts'
import { findRuns, runsFolder } from '../../store/runs-folder.ts'
import { convertModels } from '../convert-models.ts'
import { untilInterrupted } from '../interruption.ts'
import { loadExperiment } from '../load-experiment.ts'
import { locateExperiment } from '../locate-experiment.ts'
import { progressDisplay } from '../progress-display.ts'
import { buildReport } from '../report-builder.ts'
import { resultText } from '../result-text.ts'
import { print, printJson, type Terminal } from '../terminal.ts'

interface RunCommandOptions {
  readonly runs?: string
  readonly jobs?: number
  readonly limit?: number
  readonly json?: boolean
  readonly report: boolean
}

export function runExperimentCommand(to: Terminal): Command {
  return new Command('run')
    .description('run an experiment, or go on with it; ends with what it found and the path of its report')
    .argument('<file>', 'an experiment file; a bare name is also looked up in the catalogue')
    .option(
      '--jobs <count>',
      'worker processes (default: one a core; for models over 20 M parameters one, or two with engine onnx)',
      wholeNumber,
    )
    .option('--limit <count>', 'items of every task, from the first one on, instead of what the file says', wholeNumber)
    .option('--runs <folder>', 'where runs are kept (default: $DSD_RUNS, else ./runs)')
    .option('--no-report', 'do not build the report')
    .option('--json', 'print the summary as JSON')
    .action((name: string, options: RunCommandOptions) => runFile(name, options, to))
}

async function runFile(name: string, options: RunCommandOptions, to: Terminal): Promise<void> {
  const { json = false, report } = options
  using interruption = untilInterrupted()
  const file = locateExperiment(name)
  const experiment = limited(await loadExperiment(file), options.limit)
  // Loaded only now: the engines take a moment, and a mistake in the file should not.
  const { gatherFacts } = await import('../../runner/gather-facts.ts')
  const { runExperiment } = await import('../../runner/run-experiment.ts')
  const { chooseJobs } = await import('../../runner/choose-jobs.ts')
  const runs = runsFolder(options.runs)
  const setting = await gatherFacts(file, experiment, runs)
  const { engine, target, draft, draftPrecision } = setting
  const models = [target, ...(draft === undefined ? [] : [draft])]
  const { jobs, note } = chooseJobs({ models, engine, asked: options.jobs })
  for (const line of [setting.engineAdvice, note]) if (line !== undefined) to.err.write(`${line}\n`)
  const { signal } = interruption
  await convertModels({ models: [target], engine, signal, stream: to.err })
  if (draft !== undefined) {
    await convertModels({ models: [draft], engine, precision: draftPrecision, signal, stream: to.err })
  }
  const display = progressDisplay(to.err)
  let advice = adviceFor(setting)
  const changed: typeof display.update = (progress) => {
    // Said once there is work to do, so that a mistake is one line and a finished run is silent.
    if (advice !== undefined) to.err.write(`${advice}\n`)
    advice = undefined
    display.update(progress)
  }
  const run = await runExperiment({ setting, runs, jobs, signal, changed }).finally(display.end)
  const { manifest, summary, folder } = run
  if (json) printJson(to, summary)
  else {
    const live = await folder.readLives(manifest)
    print(to, `${resultText({ manifest, summary, live })}\n\nrun: ${folder.path}`)
  }
  const reported = report ? await reportLine({ runs, runId: manifest.runId, to }) : undefined
  if (reported !== undefined && !json) print(to, reported)
  if (run.liveError !== undefined) throw liveFailure(run.liveError)
}

/** Accuracy is a question only where an arm may change the text. */
function adviceFor({ experiment, facts, tasks }: Setting): string | undefined {
  if (!planVariants(experiment, facts.makeRule).some(({ record }) => relaxes(record))) return undefined
  return sampleSizeAdvice({
    tasks: tasks.filter(isGraded).map(({ name, items }) => ({ name, items: items.length })),
    marginPoints: experiment.marginPoints ?? DEFAULT_MARGIN_POINTS,
  })
}

function isGraded({ items }: ChosenTask): boolean {
  return items.some(({ kind }) => kind !== 'open')
}

/** The experiment with another number of items; checked as if the file said so. */
function limited(experiment: Experiment, limit: number | undefined): Experiment {
  if (limit === undefined) return experiment
  return checkDeclaration({ ...experiment, tasks: experiment.tasks.map((task) => ({ ...task, limit })) })
}

/** Runs in the overview that every run rebuilds: enough to compare with, and quick. `exp report` takes all. */
const NEWEST_IN_OVERVIEW = 6

interface ReportedRun {
  readonly runs: string
  readonly runId: string
  readonly to: Terminal
}

/** A run stands without its report: what is missing is said, and how to get it. */
async function reportLine({ runs, runId, to }: ReportedRun): Promise<string> {
  const complete = (await findRuns(runs)).filter((run) => run.complete)
  const chosen = complete.filter(({ manifest }, place) => manifest.runId === runId || place < NEWEST_IN_OVERVIEW)
  try {
    const { index, pages, notes } = await buildReport({
      runs: chosen.map(({ folder }) => folder.path),
      outDir: join(runs, 'report'),
    })
    for (const note of notes) to.err.write(`${note}\n`)
    return `report: ${pages.find((page) => basename(page) === `${runId}.html`) ?? index}`
  } catch (error) {
    if (error instanceof DsdError) return `no report: ${error.line}`
    throw error
  }
}

function liveFailure(error: unknown): unknown {
  if (!(error instanceof DsdError)) return error
  const where = error.where === undefined ? 'live' : `live: ${error.where}`
  return new DsdError(error.message, {
    kind: error.kind,
    where,
    fix: error.fix ?? 'the same command tries it again; all else is finished',
    cause: error,
  })
}

function wholeNumber(text: string): number {
  const value = Number(text)
  if (Number.isInteger(value) && value >= 1) return value
  throw new InvalidArgumentError('give a whole number of at least 1')
}
