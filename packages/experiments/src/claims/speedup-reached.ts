import { type SpeedSample, speedup } from '../statistics/index.ts'
import type { Condition, Variant } from '../store/schema.ts'
import type { Finding } from '../store/schema-claims.ts'
import { notTestable } from './not-testable.ts'
import { type Half, half, type TaskSamples } from './samples.ts'
import { estimateText, networkText } from './wording.ts'

/** An arm on a network, and what it is measured against there. */
export interface Setting {
  readonly variant: Variant
  readonly condition: Condition
  readonly over: Variant
}

/** Of each half: one item has no interval. */
const LEAST_ITEMS = 2

/**
 * Whether a speed-up "up to" some value is reached in any of several settings. The best one is chosen on the prompts of even place and
 * measured on the others, so that choosing among many does not flatter the number.
 */
export function reaches({
  samples,
  settings,
  target,
}: {
  readonly samples: TaskSamples
  readonly settings: readonly Setting[]
  readonly target: number
}): Finding {
  const untestable = (because: string): Finding =>
    notTestable({ conditions: `${samples.task}, ${samples.prompts.length} items`, because })
  if (samples.prompts.length < 2 * LEAST_ITEMS)
    return untestable(`choosing on one half and measuring on the other takes ${2 * LEAST_ITEMS} items at least`)
  const best = settings.reduce<{ readonly setting: Setting; readonly seen: number } | undefined>((before, setting) => {
    const seen = measure(samples, setting, 'choosing')
    if (!Number.isFinite(seen)) return before
    return before === undefined || seen > before.seen ? { setting, seen } : before
  }, undefined)
  if (best === undefined) return untestable('the run has no arm and network that the rule asks for')
  const { variant, condition, over } = best.setting
  const pair = inHalf(samples, best.setting, 'measuring')
  const value = speedup(pair)
  if (!Object.values(value).every(Number.isFinite)) return untestable('an arm wrote nothing in the half that measures')
  const verdict = value.low >= target ? 'reproduced' : value.high < target ? 'refuted' : 'not testable here'
  const because = {
    reproduced: `the interval lies above ${target}`,
    refuted: `even the best of ${settings.length} settings (${windowsOf(settings)}) stays below ${target}`,
    'not testable here': `the interval holds ${target}: more items are needed to decide`,
  }[verdict]
  return {
    verdict,
    measured: { what: `${variant.label} over ${over.label}`, value, unit: 'x' },
    conditions: `${samples.task}, ${pair.variant.ms.length} of ${samples.prompts.length} items, ${networkText(condition)}`,
    because,
    beside: [...control(samples, best.setting), ...accuracyLines(samples, variant)],
  }
}

/** `windows of 4 and 8` */
function windowsOf(settings: readonly Setting[]): string {
  const sizes = [...new Set(settings.map(({ variant }) => variant.gamma))].sort((a, b) => a - b)
  return `windows of ${sizes.slice(0, -1).join(', ')}${sizes.length > 1 ? ' and ' : ''}${sizes.at(-1)}`
}

function measure(samples: TaskSamples, setting: Setting, which: Half): number {
  const { variant, baseline } = inHalf(samples, setting, which)
  return perToken(baseline) / perToken(variant)
}

function inHalf(samples: TaskSamples, { variant, condition, over }: Setting, which: Half) {
  const of = (arm: Variant): SpeedSample => {
    const { ms, tokens } = samples.speed(arm, condition)
    return { ms: half(ms, which), tokens: half(tokens, which) }
  }
  return { variant: of(variant), baseline: of(over) }
}

function perToken({ ms, tokens }: SpeedSample): number {
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
  return sum(ms) / sum(tokens)
}

function control(samples: TaskSamples, setting: Setting): string[] {
  const random = samples.controlOf(setting.variant)
  if (random === undefined) return []
  const value = speedup(inHalf(samples, { ...setting, variant: random }, 'measuring'))
  const [ours, theirs] = [setting.variant, random].map((arm) => samples.relaxedShare(arm))
  return [
    `random, matched by rate (${percent(theirs)} of mismatches relaxed, ${percent(ours)} by ${setting.variant.label}): ${estimateText(value, 'x')}`,
    ...accuracyLines(samples, random),
  ]
}

function percent(share: number | undefined): string {
  return share === undefined ? 'none' : `${(100 * share).toFixed(1)} %`
}

function accuracyLines(samples: TaskSamples, variant: Variant): string[] {
  const accuracy = variant.lossless ? undefined : samples.accuracy(variant)
  return accuracy === undefined
    ? []
    : [`accuracy of ${variant.label}: ${estimateText(accuracy.differencePoints, 'points')} against strict`]
}
