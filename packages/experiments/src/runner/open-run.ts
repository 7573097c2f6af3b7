import { loadModel } from '@dsd-lab/node-runtime'
import { makePlan, type Plan } from '../plan/plan.ts'
import { fileSlug } from '../plan/slug.ts'
import type { RunFolder } from '../store/run-folder.ts'
import type { ComputeSettings, Manifest } from '../store/schema.ts'
import { drafterOf } from './decode/model-pair.ts'
import type { Setting } from './gather-facts.ts'
import { makeManifest } from './manifest.ts'
import { measureCompute } from './measure-compute.ts'

const NOT_MEASURED_YET: ComputeSettings = { kind: 'measured', baseMs: 0, perRowMs: 0, draftStepMs: 0 }

/** `ablation-adaptive-1a2b3c4d`: the file, and what determines the run. What cannot be planned is refused before a folder is made for it. */
export function runIdOf({ file, experiment, facts }: Setting): string {
  const plan = makePlan(experiment, { ...facts, measuredCompute: () => NOT_MEASURED_YET })
  return `${fileSlug(file, 'run')}-${plan.experimentDigest.slice(0, 8)}`
}

export interface OpenedRun {
  readonly plan: Plan
  readonly manifest: Manifest
}

/** Reads the manifest of a run, or makes it; what was measured for it once is not measured again. */
export async function openRun({
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
  { target: { config }, tokenizer, draft, draftPrecision: precision, drafter, engine }: Setting,
  target: Awaited<ReturnType<typeof loadModel>>,
): Promise<(nodes: number) => ComputeSettings> {
  await using drafts =
    draft === undefined
      ? await drafterOf({ draft: drafter ?? null, engine, context: { tokenizer, vocabSize: config.vocabSize } })
      : await loadModel({ model: draft, engine, precision })
  // Awaited here, for what drafts is gone when this returns.
  return await measureCompute(target, drafts)
}

function computeIn({ conditions }: Manifest, nodes: number): ComputeSettings {
  const condition = conditions.find((one) => one.nodes === nodes)
  if (condition === undefined) throw new RangeError(`the manifest has no condition with ${nodes} nodes`)
  return condition.compute
}
