import { basename, extname, join } from 'node:path'
import { PURPOSE, uniformField } from '@dsd-lab/core'
import { createGrader, type Grader } from '../graders/index.ts'
import type { ChosenTask } from '../runner/gather-facts.ts'
import { WorkerPool } from '../runner/worker-pool.ts'
import { Checkpoint } from '../store/checkpoint.ts'
import { lockRun } from '../store/run-lock.ts'
import { collectLabels } from './collect-labels.ts'
import { evaluateImportance } from './evaluation/evaluate.ts'
import type { Evaluation } from './evaluation/evaluation-schema.ts'
import { ImportanceFolder } from './importance-folder.ts'
import { type MeasureSetting, makeImportanceManifest, measurementId } from './importance-manifest.ts'
import { measureEffect } from './measure-effect.ts'
import { measureItem } from './measure-item.ts'
import { type AnswerEntry, type ImportanceManifest, type Outcome, type WorkEntry, workEntrySchema } from './schema.ts'
import type { TextWork } from './text-work.ts'

export interface MeasureOptions {
  readonly setting: MeasureSetting
  /** Folder of the run folders. */
  readonly runs: string
  /** Worker processes. >= 1 */
  readonly jobs: number
  readonly signal: AbortSignal
  /** Told after every step of what is done of all items, or of all effect sizes. */
  readonly changed: (stage: 'items' | 'effects', done: number, total: number) => void
}

export interface FinishedMeasurement {
  readonly folder: ImportanceFolder
  readonly manifest: ImportanceManifest
  readonly evaluation: Evaluation
}

/**
 * Flips tokens of the target's answers and grades what comes of it, as far as earlier processes have not done so, then evaluates the
 * labels. Killed at any instant, the next call goes on where it was and ends with the same files.
 *
 * @throws DsdError, or the reason of the signal; finished work is kept.
 */
export async function measureImportance({
  setting,
  runs,
  jobs,
  signal,
  changed,
}: MeasureOptions): Promise<FinishedMeasurement> {
  const folder = new ImportanceFolder(join(runs, await measurementId(nameOf(setting.file), setting)))
  await using _lock = await lockRun(folder.path)
  const known = await folder.readManifest()
  const manifest = known ?? (await makeImportanceManifest(basename(folder.path), setting))
  if (known === undefined) await folder.writeManifest(manifest)
  const { target, draft, engine } = setting
  const pair = { target: target.ref, draft: draft.ref, engine }
  await using pool = new WorkerPool({ jobs, signal, pair: { ...pair, ruleModules: [] } })
  await using grader = createGrader()
  const entries = await doWork({ setting, folder, pool, grader, jobs, changed })
  await folder.writeLines(collectLabels(entries))
  const evaluation = await evaluateImportance({ folder, manifest })
  return { folder, manifest, evaluation }
}

/** The file without its folder and ending, as a name of a folder. */
function nameOf(file: string): string {
  const stem = basename(file, extname(file))
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '')
  return stem === '' ? 'study' : stem
}

interface Work extends Pick<MeasureOptions, 'setting' | 'jobs' | 'changed'> {
  readonly folder: ImportanceFolder
  readonly pool: WorkerPool
  readonly grader: Grader
}

async function doWork(work: Work): Promise<readonly WorkEntry[]> {
  const { setting, folder, jobs, changed } = work
  await using checkpoint = await Checkpoint.open(folder.workFile, (line) => workEntrySchema.parse(line))
  const entries = [...checkpoint.recovered]
  const keep = async (entry: WorkEntry): Promise<void> => {
    await checkpoint.append(entry)
    entries.push(entry)
  }
  const items = setting.tasks.flatMap((task) => task.items.map((item, sequence) => ({ task, item, sequence })))
  await inTurn({
    list: items,
    jobs,
    pool: work.pool,
    perform: ({ task, item, sequence }) => {
      const known = entries.filter((entry) => entry.task === task.name && entry.item === item.id)
      return measureItem({ ...textWork(work, task, sequence), known, keep })
    },
    changed: (done) => changed('items', done, items.length),
  })
  const effects = setting.tasks.flatMap((task) => chooseEffects(task, entries, setting.settings.effects))
  const missing = effects.filter(({ answer, outcome }) => !entries.some((entry) => isEffectOf(entry, answer, outcome)))
  await inTurn({
    list: missing,
    jobs,
    pool: work.pool,
    perform: async ({ task, answer, outcome }) => {
      const effect = await measureEffect(textWork(work, task, answer.sequence), answer, outcome)
      await keep({ step: 'effect', task: task.name, item: answer.item, effect })
    },
    changed: (done) => changed('effects', effects.length - missing.length + done, effects.length),
  })
  return inOrder(entries, setting.tasks)
}

function textWork({ setting, pool, grader }: Work, task: ChosenTask, sequence: number): TextWork {
  const item = task.items[sequence]
  if (item === undefined) throw new RangeError(`${task.name} has no item ${sequence}`)
  const { target, draft, engine, settings } = setting
  return { task, item, sequence, pair: { target: target.ref, draft: draft.ref, engine }, settings, pool, grader }
}

/** Performs a list, as many at a time as there are workers, so that a worker keeps to one text. The first failure ends all. */
async function inTurn<T>({
  list,
  jobs,
  pool,
  perform,
  changed,
}: {
  readonly list: readonly T[]
  readonly jobs: number
  readonly pool: WorkerPool
  readonly perform: (element: T) => Promise<void>
  readonly changed: (done: number) => void
}): Promise<void> {
  let next = 0
  let done = 0
  const takeTurns = async (): Promise<void> => {
    for (let element = list[next++]; element !== undefined; element = list[next++]) {
      await perform(element)
      changed(++done)
    }
  }
  const turns = Array.from({ length: jobs }, takeTurns)
  for (const turn of turns) turn.catch((error: unknown) => pool.abort(error))
  await Promise.allSettled(turns)
  await Promise.all(turns)
}

interface ChosenEffect {
  readonly task: ChosenTask
  readonly answer: AnswerEntry
  readonly outcome: Outcome
}

/** A keyed sample of the independent flips of a task. */
function chooseEffects(task: ChosenTask, entries: readonly WorkEntry[], count: number): ChosenEffect[] {
  const answers = new Map(
    entries.flatMap((entry) =>
      entry.step === 'answer' && entry.task === task.name ? [[entry.item, entry] as const] : [],
    ),
  )
  const drawn = entries.flatMap((entry) => {
    if (entry.step !== 'flips' || entry.task !== task.name) return []
    const answer = answers.get(entry.item)
    if (answer === undefined) return []
    return entry.outcomes
      .filter(({ kind }) => kind === 'independent')
      .map((outcome) => ({ task, answer, outcome, draw: drawOf(answer, outcome) }))
  })
  return drawn.sort((a, b) => a.draw - b.draw).slice(0, count)
}

function drawOf({ sequence, promptTokens }: AnswerEntry, { at }: Outcome): number {
  return uniformField({ seed: 2, purpose: PURPOSE.WORKLOAD, sequence, position: promptTokens + at }).at(0)
}

function isEffectOf(entry: WorkEntry, { task, item }: AnswerEntry, { at }: Outcome): boolean {
  return entry.step === 'effect' && entry.task === task && entry.item === item && entry.effect.at === at
}

/** Finished work in the order of the tasks and their items, whatever was finished first. */
function inOrder(entries: readonly WorkEntry[], tasks: readonly ChosenTask[]): WorkEntry[] {
  const place = new Map(
    tasks
      .flatMap(({ name, items }) => items.map(({ id }) => `${name}/${id}`))
      .map((key, index): [string, number] => [key, index]),
  )
  const placeOf = ({ task, item }: WorkEntry): number => place.get(`${task}/${item}`) ?? 0
  return [...entries].sort((a, b) => placeOf(a) - placeOf(b))
}
