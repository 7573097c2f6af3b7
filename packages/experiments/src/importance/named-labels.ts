import { DsdError, type RuleSpec } from '@dsd-lab/core'
import type { PromptForm } from '../datasets/prompt-form.ts'
import type { Experiment, ExperimentArm } from '../dsl/check.ts'
import { isSweep } from '../dsl/sweep.ts'
import { findMeasurement, finishedMeasurements } from './find-measurement.ts'
import { labelsOf, type MeasuredLabels } from './measured-labels.ts'
import type { OracleTable, OracleText } from './oracle-labels.ts'
import { shippedLabels } from './shipped-labels.ts'

/** What labels have to be of. */
export interface LabelledRun {
  /** Folder of the runs and measurements. */
  readonly runs: string
  readonly engine: string
  readonly targetDigest: string
  /** Undefined where no model drafts. */
  readonly draftDigest: string | undefined
  readonly tasks: readonly LabelledTask[]
}

interface LabelledTask {
  readonly name: string
  readonly items: readonly { readonly id: string }[]
  readonly maxTokens: number
  readonly form: PromptForm
}

/**
 * Puts measured labels in place of their name in every oracle of an experiment: `'measured'`, the newest finished measurement that
 * fits, else one that ships; or the path or id of one. The tail of any node then needs no file.
 *
 * @throws DsdError `bad-input` naming the arm, when there is no such measurement, or it is of other models, prompts, windows or items.
 */
export async function namedLabels(experiment: Experiment, run: LabelledRun): Promise<(spec: RuleSpec) => RuleSpec> {
  const tables = new Map<string, OracleTable>()
  const window = labelledWindow(experiment)
  for (const { arm, labels } of namingArms(experiment)) {
    if (window === undefined || tables.has(labels)) continue
    tables.set(labels, await labelsCalled(labels, `arms.${arm}.accept.labels`, { ...run, window }))
  }
  return (spec) => {
    const table = spec.name === 'oracle' && typeof spec.labels === 'string' ? tables.get(spec.labels) : undefined
    return table === undefined ? spec : { ...spec, labels: table }
  }
}

/**
 * Drafts a round of the oracles that name labels, which hold for no other window; undefined when none does.
 *
 * @throws DsdError `bad-input` when there are several windows, or one is chosen on the way.
 */
export function labelledWindow(experiment: Experiment): number | undefined {
  const arms = namingArms(experiment)
  const windows = new Set(arms.flatMap(({ gamma }) => (isSweep(gamma) ? gamma.sweep : [gamma])))
  const [window] = windows
  if (windows.size <= 1 && window !== 'auto') return window
  const where = `arms.${arms.at(-1)?.arm}.gamma`
  throw refused(where, `labels hold for one window, not for ${[...windows].join(', ')}`, 'give one number')
}

interface NamingArm {
  readonly arm: string
  readonly gamma: SpeculativeArm['gamma']
  readonly labels: string
}
type SpeculativeArm = Extract<ExperimentArm, { decode: 'speculative' }>

function namingArms({ arms }: Experiment): NamingArm[] {
  return Object.entries(arms).flatMap(([arm, declared]) => {
    if (declared.decode === 'autoregressive' || declared.accept.name !== 'oracle') return []
    const { gamma, accept } = declared
    return typeof accept.labels === 'string' ? [{ arm, gamma, labels: accept.labels }] : []
  })
}

interface WindowedRun extends LabelledRun {
  readonly window: number
}

/** By the place of a text in this run, which may take fewer items of the task than were measured. */
async function labelsCalled(name: string, where: string, run: WindowedRun): Promise<OracleTable> {
  const [task, another] = run.tasks
  if (task === undefined || another !== undefined) {
    throw refused(where, `labels belong to one task, and the experiment has ${run.tasks.length}`, 'keep one task')
  }
  const texts =
    name === 'measured' ? await anyFitting(where, { task, run }) : await calledSo(name, where, { task, run })
  return Object.fromEntries(
    task.items.flatMap(({ id }, sequence) => {
      const text = texts.get(id)
      // Without a position to relax the whole text is strict, as without an entry.
      return text === undefined || text.important.length + text.unimportant.length === 0 ? [] : [[sequence, text]]
    }),
  )
}

interface Fit {
  readonly task: LabelledTask
  readonly run: WindowedRun
}

type Texts = ReadonlyMap<string, OracleText>

async function anyFitting(where: string, { task, run }: Fit): Promise<Texts> {
  const shipped = shippedLabels()
  for (const labels of [...(await finishedMeasurements(run.runs)).map(labelsOf), ...shipped]) {
    const tried = await textsOr(labels, { task, run })
    if (typeof tried !== 'string') return tried
  }
  for (const { engine, ...labels } of shipped) {
    if (typeof (await textsOr({ ...labels, engine: run.engine }, { task, run })) === 'string') continue
    const what = `the labels that ship were made on ${engine}, not on ${run.engine}`
    throw refused(where, what, `give models.engine: '${engine}', or ${HOW_TO_MEASURE}`)
  }
  throw refused(where, `${run.runs} has no finished measurement of ${task.name} for this oracle`, HOW_TO_MEASURE)
}

async function calledSo(name: string, where: string, fit: Fit): Promise<Texts> {
  const found = await findMeasurement(fit.run.runs, name)
  if (found === undefined) throw refused(where, `no measurement is called ${name}`, HOW_TO_MEASURE)
  const tried = await textsOr(labelsOf(found), fit)
  if (typeof tried === 'string') throw refused(where, `${name} ${tried}`, HOW_TO_MEASURE)
  return tried
}

/** The labels, or why they are not those of this run. */
async function textsOr(labels: MeasuredLabels, { task, run }: Fit): Promise<Texts | string> {
  const { models, engine, tasks, window } = labels
  const { target, draft } = models
  if (target.digest !== run.targetDigest)
    return `is of ${target.ref} (${target.digest.slice(0, 8)}), not of this target`
  if (draft.digest !== run.draftDigest)
    return `took tokens of ${draft.ref} (${draft.digest.slice(0, 8)}), not of this draft model`
  if (engine !== run.engine) return `was made on ${engine}, not on ${run.engine}`
  const measured = tasks.find(({ name }) => name === task.name)
  if (measured === undefined)
    return `has no labels of ${task.name}; it measured ${tasks.map(({ name }) => name).join(', ')}`
  if (measured.maxTokens !== task.maxTokens)
    return `allowed answers of ${measured.maxTokens} tokens, not ${task.maxTokens}`
  if (measured.prompt !== task.form) return `put prompts as ${measured.prompt}, not as ${task.form}`
  if (window !== run.window) return `walked windows of ${window ?? 'any length'}, not of ${run.window}`
  const texts = await labels.texts(task.name)
  const known = task.items.filter(({ id }) => texts.has(id))
  return known.length === task.items.length ? texts : `measured ${known.length} of these ${task.items.length} items`
}

const HOW_TO_MEASURE = 'measure this experiment with exp importance'

function refused(where: string, message: string, fix: string): DsdError {
  return new DsdError(message, { kind: 'bad-input', where, fix })
}
