import type { Grader } from '../graders/index.ts'
import type { Plan } from '../plan/plan.ts'
import type { RunFolder } from '../store/run-folder.ts'
import type { ChosenTask, Setting } from './gather-facts.ts'
import type { RunProgress } from './progress.ts'
import type { WorkerPool } from './worker-pool.ts'

/** What the passes of a run share. */
export interface PassWork {
  readonly plan: Plan
  readonly setting: Setting
  readonly folder: RunFolder
  readonly pool: WorkerPool
  readonly grader: Grader
  readonly progress: RunProgress
}

/** @throws RangeError when a plan names a task that the setting has not */
export function taskOf(setting: Setting, name: string): ChosenTask {
  const task = setting.tasks.find((one) => one.name === name)
  if (task === undefined) throw new RangeError(`no task is called ${name}`)
  return task
}
