import { DsdError } from '@dsd-lab/core'
import { network } from '../figures/number-format.ts'
import { styleOf, variantStyles } from '../figures/variant-style.ts'
import type { RunEntry, RunPage, WhatIfPage } from '../page-data.ts'
import { readLiveCells } from './live-cells.ts'
import { readRecordedTasks } from './recorded-tasks.ts'
import { middleCondition, representatives } from './representatives.ts'
import type { RunRecord } from './run-folder.ts'
import { sampleAnswers } from './sampled-answers.ts'
import { sampleRounds } from './sampled-rounds.ts'

/** Everything the page of a finished run is drawn from: aggregates whole, traces sampled. */
export async function makeRunPage(run: RunRecord, { whatIf }: Pick<RunPage, 'whatIf'>): Promise<RunPage> {
  const { decodings, cells, experiment, ...manifest } = run.manifest
  if (run.summary === null) {
    throw new DsdError('the run has no summary yet', {
      kind: 'bad-input',
      where: run.folder,
      fix: 'finish it with `exp run`',
    })
  }
  return {
    manifest,
    counts: { decodings: decodings.length, cells: cells.length },
    summary: run.summary,
    rounds: await sampleRounds(run),
    live: await readLiveCells(run),
    answers: await sampleAnswers(run),
    whatIf,
    data: `data/${manifest.runId}`,
  }
}

/** What the run's what-if page replays; undefined where no texts were recorded with what a draft model says along them. */
export async function makeWhatIfPage(run: RunRecord): Promise<WhatIfPage | undefined> {
  const { runId, title, models, seeds } = run.manifest
  const tasks = await readRecordedTasks(run)
  const start = middleCondition(run.manifest)
  const { hiddenSize, ref } = models.target
  if (tasks.length === 0 || start === undefined || hiddenSize === undefined) return undefined
  return {
    runId,
    title,
    models: models.draft === null ? ref : `${ref} with ${models.draft.ref}`,
    tasks,
    hiddenSize,
    seed: seeds[0] ?? 1,
    start,
    data: `data/${runId}`,
  }
}

/** The run's line in the overview. */
export function makeRunEntry({ manifest, summary }: RunRecord): RunEntry {
  const { runId, title, createdAt, file, models, engine, git } = manifest
  const entry: RunEntry = {
    runId,
    title,
    createdAt,
    file,
    target: models.target.ref,
    draft: models.draft?.ref ?? models.drafter ?? null,
    engine: engine.name,
    commit: git === null ? null : `${git.commit.slice(0, 7)}${git.dirty ? ', edited' : ''}`,
  }
  const condition = middleCondition(manifest)
  const task = manifest.tasks[0]?.name
  if (summary === null || condition === undefined || task === undefined) return entry
  const styles = variantStyles({ manifest })
  const isOverPlain = summary.speed.some(({ speedupOverAutoregressive }) => speedupOverAutoregressive !== null)
  const variants = representatives(manifest).flatMap((variant) => {
    const { id, label } = variant
    const at = <Row extends { variant: string; task: string }>(row: Row): boolean =>
      row.variant === id && row.task === task
    const speed = summary.speed.find((row) => at(row) && row.condition === condition.id)
    const speedup = isOverPlain ? speed?.speedupOverAutoregressive : speed?.speedupOverBaseline
    const accuracy = summary.quality.find(at)?.accuracy
    return speedup && accuracy !== undefined ? [{ label, style: styleOf(styles, variant), speedup, accuracy }] : []
  })
  return {
    ...entry,
    result: {
      page: `${runId}.html`,
      task,
      network: network(condition, manifest.conditions),
      over: isOverPlain ? 'autoregressive decoding' : manifest.baseline,
      isGraded: summary.quality.some((row) => row.task === task && row.accuracy !== null),
      variants,
      diagnoses: summary.diagnoses.length,
    },
  }
}
