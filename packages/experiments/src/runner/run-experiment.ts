import { join } from 'node:path'
import type { Plan } from '../plan/plan.ts'
import { RunFolder } from '../store/run-folder.ts'
import { lockRun } from '../store/run-lock.ts'
import type { Condition, Manifest, Summary } from '../store/schema.ts'
import type { Setting } from './gather-facts.ts'
import { askLiveNodes, requireNodeKey } from './live-cluster.ts'
import { makeSummary } from './make-summary.ts'
import { openRun, runIdOf } from './open-run.ts'
import { RunProgress } from './progress.ts'
import { runLive } from './run-live.ts'

export interface RunOptions {
  readonly setting: Setting
  /** Folder of the run folders. */
  readonly runs: string
  /** Worker processes. >= 1 */
  readonly jobs: number
  readonly signal: AbortSignal
  /** Called after every step; ask for a snapshot when one is wanted. */
  readonly changed: (progress: RunProgress) => void
}

export interface FinishedRun {
  readonly folder: RunFolder
  readonly manifest: Manifest
  readonly summary: Summary
  /** True when there was nothing left to do. */
  readonly wasComplete: boolean
  /** What kept the live cells from being run; the rest of the run is not touched by it. */
  readonly liveError: unknown
}

/**
 * Runs what of an experiment is not finished yet: decodes, times, runs live, sums up. Killed at any instant, the next call goes on
 * where it was, and ends with the same summary.
 *
 * @throws DsdError, or the reason of the signal; finished work is kept.
 */
export async function runExperiment({ setting, runs, jobs, signal, changed }: RunOptions): Promise<FinishedRun> {
  const runId = runIdOf(setting)
  const folder = new RunFolder(join(runs, runId))
  await using _lock = await lockRun(folder.path)
  const { plan, manifest } = await openRun({ runId, setting, folder })
  const livesLeft = await missingLives(plan, folder)
  if (livesLeft > 0) requireNodeKey(setting.experiment.live)
  signal.throwIfAborted()
  const { hiddenSize } = setting.target.config
  const items = new Map(setting.tasks.map((task) => [task.name, task.items.length]))
  const progress = new RunProgress({ plan, hiddenSize, items, changed })
  const known = await folder.readSummary()
  if (known === undefined && livesLeft > 0) await askLiveNodes({ setting, conditions: liveConditions(plan), signal })
  const summary = known ?? (await makeSummary({ setting, plan, manifest, folder, jobs, signal, progress }))
  const liveError = livesLeft === 0 ? undefined : await tryLive({ setting, plan, folder, signal, progress })
  return { folder, manifest, summary, wasComplete: known !== undefined && livesLeft === 0, liveError }
}

function liveConditions({ live, cells, conditions }: Plan): Condition[] {
  const chosen = new Set(cells.filter(({ id }) => live.includes(id)).map(({ condition }) => condition))
  return conditions.filter(({ id }) => chosen.has(id))
}

async function missingLives({ live }: Plan, folder: RunFolder): Promise<number> {
  const known = await Promise.all(live.map((id) => folder.readLive(id)))
  return known.filter((result) => result === undefined).length
}

/** Processes and sockets may fail where nothing else does: the error is given back, and the run stands without its live cells. */
async function tryLive({
  setting,
  plan,
  folder,
  signal,
  progress,
}: Pick<RunOptions, 'setting' | 'signal'> & {
  readonly plan: Plan
  readonly folder: RunFolder
  readonly progress: RunProgress
}): Promise<unknown> {
  const prompts = setting.experiment.live?.prompts ?? 0
  const show = (done: number, total: number): void => progress.stage(`live, cell ${done + 1} of ${total}`)
  try {
    await runLive({ plan, setting, folder, prompts, signal, progress: show })
    return undefined
  } catch (error) {
    signal.throwIfAborted()
    return error
  }
}
