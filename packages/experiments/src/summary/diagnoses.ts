import { bestWindow, meanRoundMs, synchronousRate } from '@dsd-lab/core'
import { tripComputeMs } from '../plan/conditions.ts'
import { relaxesByJudgement } from '../plan/relaxes.ts'
import { wilson } from '../statistics/index.ts'
import type { Condition, Diagnosis, Manifest, Quality, Variant } from '../store/schema.ts'
import { acceptanceOf, chainOf } from './prediction.ts'

/** A first draft kept less often than this makes a window of any size a poor bet. */
const WEAK_ACCEPTANCE = 0.5
/** Share of a plain round that has to be spent on links before saving trips matters. */
const LEAST_LINK_SHARE = 0.25
/** Predicted gain of a shorter window that is worth telling. */
const WINDOW_GAIN = 0.05

/** What a researcher should know before believing in an arm, each with the number that shows it. */
export function diagnose(manifest: Manifest, qualities: readonly Quality[]): Diagnosis[] {
  return [
    ...manifest.tasks.flatMap(({ name }) => weakDraft(manifest, qualities, name)),
    ...linksTooFast(manifest),
    ...qualities.flatMap((quality) => windowTooLong(manifest, quality)),
    ...qualities.flatMap((quality) => thresholdTooLoose(manifest, quality)),
  ]
}

function weakDraft({ variants, models }: Manifest, qualities: readonly Quality[], task: string): Diagnosis[] {
  const strict = variants.find(({ decode, lossless }) => decode === 'speculative' && lossless)
  const quality = qualities.find((one) => one.variant === strict?.id && one.task === task)
  const tried = quality?.byPosition.trials[0] ?? 0
  if (strict === undefined || tried === 0) return []
  const { estimate, high } = wilson(quality?.byPosition.kept[0] ?? 0, tried)
  if (high >= WEAK_ACCEPTANCE) return []
  const [what, fix] =
    models.drafter === undefined
      ? ['the draft model', 'train it on such texts or choose a larger one']
      : [models.drafter, 'such texts repeat themselves too little; a draft model may do better']
  return [
    {
      code: 'weak-draft',
      message: `${what} is weak on ${task}: only ${percent(estimate)} of first drafts are kept; ${fix}`,
      value: estimate,
      variant: strict.id,
      task,
      condition: null,
    },
  ]
}

/** Told once, for the network where links matter least. */
function linksTooFast(manifest: Manifest): Diagnosis[] {
  const fast = manifest.conditions
    .map((condition) => ({ condition, share: linkShare(condition, hiddenSizeOf(manifest)) }))
    .filter(({ share }) => share < LEAST_LINK_SHARE)
    .sort((a, b) => a.share - b.share)
  const [worst, ...others] = fast
  if (worst === undefined) return []
  const { condition, share } = worst
  const where = others.length === 0 ? condition.id : `${condition.id} and ${others.length} more`
  const slowEnoughMs = Math.ceil(tripComputeMs(condition, 1) / condition.nodes)
  return [
    {
      code: 'links-too-fast',
      message: `links are too fast to matter on ${where}: ${percent(share)} of a plain round is spent on them; try a latency above ${slowEnoughMs} ms`,
      value: share,
      variant: null,
      task: null,
      condition: condition.id,
    },
  ]
}

/** Share of a plain round that is spent on links. */
function linkShare(condition: Condition, hiddenSize: number): number {
  const totalMs = meanRoundMs(chainOf(condition, hiddenSize), 0)
  return totalMs === 0 ? 0 : 1 - tripComputeMs(condition, 1) / totalMs
}

/** Told once per variant and task, for the network where it costs most. */
function windowTooLong(manifest: Manifest, { variant: id, task, byPosition }: Quality): Diagnosis[] {
  const variant = variantOf(manifest, id)
  if (variant === undefined || variant.controls !== undefined || variant.gamma < 2) return []
  if (variant.window !== undefined) return []
  // Its windows are as long as what it finds: the model of a fixed window does not describe them.
  if (manifest.models.drafter !== undefined) return []
  const acceptance = acceptanceOf(byPosition)
  const { draftAhead = false } = variant
  const worst = manifest.conditions
    .map((condition) => {
      const chain = chainOf(condition, hiddenSizeOf(manifest))
      const best = bestWindow(chain, acceptance, { maxGamma: variant.gamma, draftAhead })
      const rate = synchronousRate(chain, acceptance, variant.gamma, { draftAhead })
      return { condition, best, gain: synchronousRate(chain, acceptance, best.gamma, { draftAhead }) / rate - 1 }
    })
    .reduce((worse, one) => (one.gain > worse.gain ? one : worse))
  if (worst.gain < WINDOW_GAIN) return []
  return [
    {
      code: 'window-too-long',
      message: `the window of ${variant.label} is too long for ${task} on ${worst.condition.id}: ${worst.best.gamma} drafts instead of ${variant.gamma} would be ${percent(worst.gain)} faster`,
      value: worst.gain,
      variant: id,
      task,
      condition: worst.condition.id,
    },
  ]
}

function thresholdTooLoose(manifest: Manifest, { variant: id, task, versusBaseline }: Quality): Diagnosis[] {
  const variant = variantOf(manifest, id)
  if (variant === undefined || !relaxesByJudgement(variant) || versusBaseline === null) return []
  const { differencePoints } = versusBaseline
  const mcnemarP = versusBaseline.holm?.mcnemarP ?? versusBaseline.mcnemarP
  if (differencePoints.high >= 0 && !(mcnemarP < 0.05 && differencePoints.estimate < 0)) return []
  return [
    {
      code: 'threshold-too-loose',
      message: `${variant.label} is too loose on ${task}: accuracy changes by ${signed(differencePoints.estimate)} points [${signed(differencePoints.low)}, ${signed(differencePoints.high)}] against ${manifest.baseline}; relax less`,
      value: differencePoints.estimate,
      variant: id,
      task,
      condition: null,
    },
  ]
}

function variantOf({ variants }: Manifest, id: string): Variant | undefined {
  return variants.find((variant) => variant.id === id)
}

export function hiddenSizeOf({ models }: Manifest): number {
  return models.target.hiddenSize ?? 0
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`
}

function signed(points: number): string {
  return `${points > 0 ? '+' : ''}${points.toFixed(1)}`
}
