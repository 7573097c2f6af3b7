import { basename, join } from 'node:path'
import type { TaskItem } from '../datasets/task-item.ts'
import { createGrader, type Grader } from '../graders/index.ts'
import { contentId } from '../plan/digest.ts'
import { fileSlug } from '../plan/slug.ts'
import type { ChosenTask } from '../runner/gather-facts.ts'
import { WorkerPool } from '../runner/worker-pool.ts'
import { Checkpoint } from '../store/checkpoint.ts'
import { lockRun } from '../store/run-lock.ts'
import { chooseEffects } from './choose-effects.ts'
import { collectLabels } from './collect-labels.ts'
import { evaluateImportance } from './evaluation/evaluate.ts'
import type { Evaluation } from './evaluation/evaluation-schema.ts'
import { ImportanceFolder } from './importance-folder.ts'
import { type MeasureSetting, makeImportanceManifest, measurementId } from './importance-manifest.ts'
import { measureEffect } from './measure-effect.ts'
import { measureItem } from './measure-item.ts'
import { type ImportanceManifest, type WorkEntry, workEntrySchema } from './schema.ts'
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
  const folder = new ImportanceFolder(join(runs, await measurementId(fileSlug(setting.file, 'study'), setting)))
  await using _lock = await lockRun(folder.path)
  const known = await folder.readManifest()
  const made = await makeImportanceManifest(basename(folder.path), setting)
  const manifest = { ...made, createdAt: known?.createdAt ?? made.createdAt }
  if (known === undefined) await folder.writeManifest(manifest)
  const { target, draft, engine } = setting
  const pair = { target: target.ref, draft: draft.ref, engine }
  await using pool = new WorkerPool({ jobs, signal, pair: { ...pair, ruleModules: [] } })
  await using grader = createGrader()
  const lines = await doWork({ setting, folder, pool, grader, jobs, changed })
  // Until now what an earlier call left stands whole: one that asks for more and is cut short leaves it as it was.
  await folder.replaceLines(manifest, lines)
  const evaluation = await evaluateImportance({ folder, manifest })
  return { folder, manifest, evaluation }
}

interface Work extends Pick<MeasureOptions, 'setting' | 'jobs' | 'changed'> {
  readonly folder: ImportanceFolder
  readonly pool: WorkerPool
  readonly grader: Grader
}

/** Does what is missing of the items that were asked for; work on others that an earlier call left is not counted. */
async function doWork(work: Work): Promise<ReturnType<typeof collectLabels>> {
  const { setting, folder, jobs, changed, pool } = work
  await using checkpoint = await Checkpoint.open(folder.workFile, (line) => workEntrySchema.parse(line))
  const entries = [...checkpoint.recovered]
  const recovered = entries.length
  const keep = async (entry: WorkEntry): Promise<void> => {
    await checkpoint.append(entry)
    entries.push(entry)
  }
  const texts = setting.tasks.flatMap((task) =>
    task.items.map((item, sequence) => textWork({ work, task, item, sequence })),
  )
  await inTurn({
    // Task by task in turn, so that a measurement that is cut short has some of each.
    list: [...texts].sort((a, b) => a.sequence - b.sequence),
    jobs,
    pool,
    perform: (text) => measureItem({ ...text, known: entries.filter(({ key }) => key === text.key), keep }),
    // Items that are only read again would make the time left look short.
    changed: (done) => {
      if (entries.length > recovered || done === texts.length) changed('items', done, texts.length)
    },
  })
  const effects = setting.tasks.flatMap(({ name }) =>
    chooseEffects(
      texts.filter(({ task }) => task.name === name),
      entries,
      setting.settings.effects,
    ),
  )
  const done = new Set(
    entries.flatMap((entry) => (entry.step === 'effect' ? [effectKey(entry.key, entry.effect)] : [])),
  )
  const missing = effects.filter(({ text, outcome }) => !done.has(effectKey(text.key, outcome)))
  await inTurn({
    list: missing,
    jobs,
    pool,
    perform: async ({ text, answer, outcome }) => {
      await keep({ step: 'effect', key: text.key, effect: await measureEffect(text, answer, outcome) })
    },
    changed: (count) => changed('effects', effects.length - missing.length + count, effects.length),
  })
  const chosen = new Set(effects.map(({ text, outcome }) => effectKey(text.key, outcome)))
  const answers = new Map(entries.flatMap((entry) => (entry.step === 'answer' ? [[entry.key, entry] as const] : [])))
  return collectLabels(
    texts.flatMap(({ key }) => answers.get(key) ?? []),
    entries.filter((entry) => entry.step !== 'effect' || chosen.has(effectKey(entry.key, entry.effect))),
  )
}

function effectKey(key: string, { at }: { readonly at: number }): string {
  return `${key}/${at}`
}

function textWork({
  work: { setting, pool, grader },
  task,
  item,
  sequence,
}: {
  readonly work: Work
  readonly task: ChosenTask
  readonly item: TaskItem
  readonly sequence: number
}): TextWork {
  const { target, draft, engine, settings } = setting
  const pair = { target: target.ref, draft: draft.ref, engine }
  const key = contentId({ item, sequence, prompt: task.prompts[sequence], maxTokens: task.maxTokens })
  return { key, task, item, sequence, pair, settings, pool, grader }
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
