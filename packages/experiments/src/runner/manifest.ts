import { execFile } from 'node:child_process'
import { availableParallelism, cpus, totalmem } from 'node:os'
import { basename, dirname } from 'node:path'
import { promisify } from 'node:util'
import { type EngineInfo, engineVersion, type ModelSource, type Precision } from '@dsd-lab/node-runtime'
import { drafterLabel } from '../drafters/registry.ts'
import type { Plan } from '../plan/plan.ts'
import { type Manifest, RUN_SCHEMA_VERSION } from '../store/schema.ts'
import type { Setting } from './gather-facts.ts'

/** What was asked, with what, on what. Written once, when a run is first made. */
export async function makeManifest({
  runId,
  setting,
  plan,
  engine,
}: {
  readonly runId: string
  readonly setting: Setting
  readonly plan: Plan
  readonly engine: EngineInfo
}): Promise<Manifest> {
  const { experiment, file, target, draft, draftPrecision, drafter, tasks, engineNote } = setting
  const { sampling, seeds } = plan
  return {
    schema: RUN_SCHEMA_VERSION,
    runId,
    title: experiment.title,
    createdAt: new Date().toISOString(),
    file: basename(file),
    experimentDigest: plan.experimentDigest,
    experiment: { ...experiment },
    baseline: experiment.baseline,
    variants: plan.variants.map(({ record }) => record),
    conditions: [...plan.conditions],
    decodings: [...plan.decodings],
    cells: [...plan.cells],
    live: [...plan.live],
    seeds: [...seeds],
    sampling: { ...sampling },
    tasks: tasks.map(({ name, digest, items, maxTokens, form, data }) => ({
      name,
      digest,
      items: items.length,
      maxTokens,
      prompt: form,
      ...(data === undefined ? {} : { data }),
    })),
    models: {
      target: await modelRecord(target),
      draft: draft === undefined ? null : await modelRecord(draft, draftPrecision),
      ...(drafter === undefined ? {} : { drafter: drafterLabel(drafter) }),
    },
    engine: {
      name: engine.name,
      version: engineVersion(engine.name),
      precision: engine.precision,
      rowInvariant: engine.rowInvariance.holds,
      note: engineNote,
    },
    versions: {
      node: process.versions.node,
      ...engine.versions,
      decodeCode: setting.facts.code.decode,
      analysisCode: setting.facts.code.analysis,
    },
    git: await gitState(dirname(file)),
    machine: {
      platform: `${process.platform} ${process.arch}`,
      cpu: cpus()[0]?.model.trim() ?? 'unknown',
      cores: availableParallelism(),
      memoryMb: Math.round(totalmem() / 2 ** 20),
    },
  }
}

/** What identifies a model, and its size. */
export async function modelRecord(model: ModelSource, precision?: Precision): Promise<Manifest['models']['target']> {
  const { ref, parameters, config, weightBytes } = model
  return {
    ref,
    digest: await model.digest(),
    parameters,
    layers: config.layers,
    hiddenSize: config.hiddenSize,
    bytes: weightBytes,
    ...(precision === undefined ? {} : { precision }),
  }
}

/** Of a repository with a great many changed files. */
const MOST_GIT_BYTES = 2 ** 28

/** Of the repository that the experiment is in; null where there is none. */
async function gitState(folder: string): Promise<Manifest['git']> {
  const git = async (...words: string[]): Promise<string> => {
    const { stdout } = await promisify(execFile)('git', ['-C', folder, ...words], { maxBuffer: MOST_GIT_BYTES })
    return stdout.trim()
  }
  try {
    return { commit: await git('rev-parse', 'HEAD'), dirty: (await git('status', '--porcelain')) !== '' }
  } catch {
    return null
  }
}
