import { createGrader } from '../graders/index.ts'
import { DEFAULT_MARGIN_POINTS } from '../plan/sample-size.ts'
import type { RunFolder } from '../store/run-folder.ts'
import type { Summary } from '../store/schema.ts'
import { summarise } from '../summary/summarise.ts'
import type { Setting } from './gather-facts.ts'
import type { OpenedRun } from './open-run.ts'
import type { RunProgress } from './progress.ts'
import { runCells } from './run-cells.ts'
import { runPasses } from './run-passes.ts'
import { WorkerPool } from './worker-pool.ts'

interface SummaryWork extends OpenedRun {
  readonly setting: Setting
  readonly folder: RunFolder
  /** Worker processes. >= 1 */
  readonly jobs: number
  readonly signal: AbortSignal
  readonly progress: RunProgress
}

/** Decodes, times and sums up what of a run is not finished, and writes the summary. */
export async function makeSummary({
  setting,
  plan,
  manifest,
  folder,
  jobs,
  signal,
  progress,
}: SummaryWork): Promise<Summary> {
  const { target, draft, draftPrecision, drafter, engine, ruleModules, experiment } = setting
  await using pool = new WorkerPool({
    jobs,
    signal,
    pair: { target: target.ref, draft: drafter ?? draft?.ref ?? null, engine, draftPrecision, ruleModules },
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
