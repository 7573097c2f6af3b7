import { DsdError, suggestName } from '@dsd-lab/core'
import { Command, InvalidArgumentError } from 'commander'
import { checkDeclaration, type Experiment } from '../../dsl/check.ts'
import { runsFolder } from '../../store/runs-folder.ts'
import { importanceText } from '../importance-text.ts'
import { untilInterrupted } from '../interruption.ts'
import { loadExperiment } from '../load-experiment.ts'
import { locateExperiment } from '../locate-experiment.ts'
import { progressLine } from '../progress-line.ts'
import { print, printJson, type Terminal } from '../terminal.ts'

interface ImportanceOptions {
  readonly task?: string
  readonly limit?: number
  readonly effect?: number
  readonly controls?: number
  readonly jobs?: number
  readonly runs?: string
  readonly json?: boolean
}

export function importanceCommand(to: Terminal): Command {
  return new Command('importance')
    .description(
      "measure which tokens matter: flips tokens of the target's answers, grades what comes of it, and fits a scorer",
    )
    .argument('<experiment>', 'an experiment file; its models and tasks are taken')
    .option('--task <name>', 'only this task of the experiment')
    .option('--limit <count>', 'items of every task, from the first one on, instead of what the file says', whole(2))
    .option('--effect <count>', 'flips of every task whose effect size is sampled (default: 40)', whole(0))
    .option('--controls <count>', 'sampled places of each control in an answer (default: 1)', whole(0))
    .option('--jobs <count>', 'worker processes (default: as exp run)', whole(1))
    .option('--runs <folder>', 'where runs are kept (default: $DSD_RUNS, else ./runs)')
    .option('--json', 'print the evaluation as JSON')
    .action((name: string, options: ImportanceOptions) => measure(name, options, to))
}

async function measure(name: string, options: ImportanceOptions, to: Terminal): Promise<void> {
  using interruption = untilInterrupted()
  const file = locateExperiment(name)
  const experiment = chosen(await loadExperiment(file), options)
  // Loaded only now: the engines take a moment, and a mistake in the file should not.
  const { gatherFacts } = await import('../../runner/gather-facts.ts')
  const { measureSetting } = await import('../../importance/importance-manifest.ts')
  const { measureImportance } = await import('../../importance/measure-importance.ts')
  const { chooseJobs } = await import('../../runner/choose-jobs.ts')
  const { effect: effects, controls } = options
  const gathered = await gatherFacts(file, experiment)
  const setting = measureSetting(gathered, {
    ...(effects === undefined ? {} : { effects }),
    ...(controls === undefined ? {} : { controls }),
  })
  const models = [setting.target, setting.draft]
  const { jobs, note } = chooseJobs({ models, engine: setting.engine, asked: options.jobs })
  for (const line of [gathered.engineAdvice, note]) if (line !== undefined) to.err.write(`${line}\n`)
  using items = progressLine(to.err, 'flipping tokens, prompt')
  using sampling = progressLine(to.err, 'sampling effect sizes, flip')
  const { manifest, evaluation, folder } = await measureImportance({
    setting,
    runs: runsFolder(options.runs),
    jobs,
    signal: interruption.signal,
    changed: (stage, done, total) => (stage === 'items' ? items : sampling).update(done, total),
  })
  if (options.json === true) return printJson(to, evaluation)
  print(to, `${importanceText({ manifest, evaluation })}\n\nmeasurement: ${folder.path}`)
}

/** The experiment with the tasks and items that were asked for; checked as if the file said so. */
function chosen(experiment: Experiment, { task, limit }: ImportanceOptions): Experiment {
  const names = experiment.tasks.map(({ name }) => name)
  if (task !== undefined && !names.includes(task)) {
    throw new DsdError(`the experiment has no task ${task}`, {
      kind: 'bad-input',
      where: '--task',
      fix: suggestName(task, names),
    })
  }
  const tasks = experiment.tasks
    .filter(({ name }) => task === undefined || name === task)
    .map((one) => (limit === undefined ? one : { ...one, limit }))
  return checkDeclaration({ ...experiment, tasks })
}

function whole(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (Number.isInteger(value) && value >= least) return value
    throw new InvalidArgumentError(`give a whole number of at least ${least}`)
  }
}
