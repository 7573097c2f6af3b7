import { join } from 'node:path'
import { loadModel } from '@dsd-lab/node-runtime'
import { createGrader } from '../graders/index.ts'
import { makePlan, type Plan } from '../plan/plan.ts'
import { DEFAULT_MARGIN_POINTS } from '../plan/sample-size.ts'
import { fileSlug } from '../plan/slug.ts'
import { RunFolder } from '../store/run-folder.ts'
import { lockRun } from '../store/run-lock.ts'
import type { ComputeSettings, Manifest, Summary } from '../store/schema.ts'
import { summarise } from '../summary/summarise.ts'
import type { Setting } from './gather-facts.ts'
import { makeManifest } from './manifest.ts'
import { measureCompute } from './measure-compute.ts'
import { RunProgress } from './progress.ts'
import { runCells } from './run-cells.ts'
import { runLive } from './run-live.ts'
import { runPasses } from './run-passes.ts'
import { WorkerPool } from './worker-pool.ts'

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
  signal.throwIfAborted()
  const { hiddenSize } = setting.target.config
  const items = new Map(setting.tasks.map((task) => [task.name, task.items.length]))
  const progress = new RunProgress({ plan, hiddenSize, items, changed })
  const known = await folder.readSummary()
  const summary = known ?? (await makeSummary({ setting, plan, manifest, folder, jobs, signal, progress }))
  const livesLeft = await missingLives(plan, folder)
  const liveError = livesLeft === 0 ? undefined : await tryLive({ setting, plan, folder, signal, progress })
  return { folder, manifest, summary, wasComplete: known !== undefined && livesLeft === 0, liveError }
}

const NOT_MEASURED_YET: ComputeSettings = { kind: 'measured', baseMs: 0, perRowMs: 0, draftStepMs: 0 }

/** `ablation-adaptive-1a2b3c4d`: the file, and what determines the run. What cannot be planned is refused before a folder is made for it. */
function runIdOf({ file, experiment, facts }: Setting): string {
  const plan = makePlan(experiment, { ...facts, measuredCompute: () => NOT_MEASURED_YET })
  return `${fileSlug(file, 'run')}-${plan.experimentDigest.slice(0, 8)}`
}

interface OpenedRun {
  readonly plan: Plan
  readonly manifest: Manifest
}

/** Reads the manifest of a run, or makes it; what was measured for it once is not measured again. */
async function openRun({
  runId,
  setting,
  folder,
}: {
  readonly runId: string
  readonly setting: Setting
  readonly folder: RunFolder
}): Promise<OpenedRun> {
  const { experiment, facts, engine } = setting
  const known = await folder.readManifest()
  if (known !== undefined) {
    const plan = makePlan(experiment, { ...facts, measuredCompute: (nodes) => computeIn(known, nodes) })
    return { plan, manifest: known }
  }
  await using target = await loadModel({ model: setting.target, engine })
  const plan = makePlan(experiment, {
    ...facts,
    ...(experiment.cluster.compute === 'measured' ? { measuredCompute: await measure(setting, target) } : {}),
  })
  const manifest = await makeManifest({ runId, setting, plan, engine: target.engine })
  await folder.writeManifest(manifest)
  return { plan, manifest }
}

async function measure(
  { draft, engine }: Setting,
  target: Awaited<ReturnType<typeof loadModel>>,
): Promise<(nodes: number) => ComputeSettings> {
  if (draft === undefined) return measureCompute(target, undefined)
  await using drafter = await loadModel({ model: draft, engine })
  // Awaited here, for the model is gone when this returns.
  return await measureCompute(target, drafter)
}

function computeIn({ conditions }: Manifest, nodes: number): ComputeSettings {
  const condition = conditions.find((one) => one.nodes === nodes)
  if (condition === undefined) throw new RangeError(`the manifest has no condition with ${nodes} nodes`)
  return condition.compute
}

async function makeSummary({
  setting,
  plan,
  manifest,
  folder,
  jobs,
  signal,
  progress,
}: Omit<RunOptions, 'runs' | 'changed'> &
  OpenedRun & { readonly folder: RunFolder; readonly progress: RunProgress }): Promise<Summary> {
  const { target, draft, lookup, engine, ruleModules, experiment } = setting
  await using pool = new WorkerPool({
    jobs,
    signal,
    pair: { target: target.ref, draft: lookup ?? draft?.ref ?? null, engine, ruleModules },
  })
  await using grader = createGrader()
  progress.stage('decoding')
  const decodings = await runPasses({ plan, setting, folder, pool, grader, progress })
  progress.stage('timing')
  const cells = await runCells({ plan, folder, signal, hiddenSize: target.config.hiddenSize })
  progress.stage('summing up')
  const summary = summarise({
    manifest,
    decodings,
    cells,
    marginPoints: experiment.marginPoints ?? DEFAULT_MARGIN_POINTS,
  })
  await folder.writeSummary(summary)
  return summary
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
