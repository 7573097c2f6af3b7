import { basename } from 'node:path'
import { DsdError } from '@dsd-lab/core'
import { type EngineName, engineVersion, type ModelSource } from '@dsd-lab/node-runtime'
import { importanceCode } from '../plan/code-version.ts'
import { digestOf } from '../plan/digest.ts'
import type { ChosenTask, Setting } from '../runner/gather-facts.ts'
import { modelRecord } from '../runner/manifest.ts'
import { labelledWindow } from './named-labels.ts'
import { IMPORTANCE_SCHEMA_VERSION, type ImportanceManifest } from './schema.ts'

/** A measurement with everything it names looked up. */
export interface MeasureSetting {
  readonly file: string
  readonly title: string
  readonly target: ModelSource
  readonly draft: ModelSource
  readonly engine: EngineName
  readonly tasks: readonly ChosenTask[]
  readonly settings: ImportanceManifest['settings']
}

export interface MeasureRequest {
  /** Mismatches of a task whose effect size is sampled. Default 40 */
  readonly effects?: number
  /** Sampled places of each control in an answer. Default 1 */
  readonly controls?: number
}

/**
 * What a measurement takes from an experiment: models and tasks, and the window of an oracle that asks for labels, for which every item is
 * walked. Other arms, networks, sampling and the precision of the draft model do not matter to it.
 *
 * @throws DsdError `bad-input` without a draft model, or with a task that nothing can be lost in.
 */
export function measureSetting(setting: Setting, { effects = 40, controls = 1 }: MeasureRequest = {}): MeasureSetting {
  const { file, experiment, target, draft, engine, tasks } = setting
  if (draft === undefined) {
    throw new DsdError('no draft model to take tokens from', {
      kind: 'bad-input',
      where: 'models.draft',
      fix: "name one, e.g. 'bundled:lab-draft': prompt lookup has no law of its own",
    })
  }
  const open = tasks.find(({ items }) => items.some(({ kind }) => kind === 'open'))
  if (open !== undefined) {
    throw new DsdError(`${open.name} has no right answers, so no flip can cost one`, {
      kind: 'bad-input',
      where: 'tasks',
      fix: 'choose a graded task with --task, or take it out of the experiment',
    })
  }
  const walkWindow = labelledWindow(experiment)
  const settings = {
    lengthCap: 1.5,
    controls,
    ...(walkWindow === undefined ? { walkEvery: 3 } : { walkEvery: 1, walkWindow }),
    effects,
    rollouts: 12,
    temperature: 0.7,
  }
  return { file, title: experiment.title, target, draft, engine, tasks, settings }
}

/**
 * `importance-ablation-adaptive-1a2b3c4d`: the file, and what determines the labels of an item. Which items are measured does not
 * count: with a larger limit the same folder grows.
 */
export async function measurementId(name: string, setting: MeasureSetting): Promise<string> {
  const { target, draft, engine, settings } = setting
  const digest = digestOf({
    target: await target.digest(),
    draft: await draft.digest(),
    engine: `${engine} ${engineVersion(engine)}`,
    code: importanceCode(),
    settings: { ...settings, effects: undefined },
  })
  return `importance-${name}-${digest.slice(0, 8)}`
}

/** With what a measurement was made. */
export async function makeImportanceManifest(id: string, setting: MeasureSetting): Promise<ImportanceManifest> {
  const { file, title, target, draft, engine, tasks, settings } = setting
  return {
    kind: 'importance',
    schema: IMPORTANCE_SCHEMA_VERSION,
    id,
    title,
    createdAt: new Date().toISOString(),
    file: basename(file),
    models: { target: await modelRecord(target), draft: await modelRecord(draft) },
    engine: { name: engine, version: engineVersion(engine) },
    code: importanceCode(),
    tasks: tasks.map(({ name, digest, items, maxTokens, form, data }) => ({
      name,
      digest,
      items: items.length,
      maxTokens,
      prompt: form,
      ...(data === undefined ? {} : { data }),
    })),
    settings: { ...settings },
  }
}
