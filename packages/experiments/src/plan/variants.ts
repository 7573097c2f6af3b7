import { type AcceptanceRule, DsdError, type RuleSpec } from '@dsd-lab/core'
import type { Experiment, ExperimentArm } from '../dsl/check.ts'
import { expandSweeps, isRecord } from '../dsl/sweep.ts'
import type { Variant } from '../store/schema.ts'
import { refuseEqualIds } from './refuse-equal-ids.ts'
import { slug } from './slug.ts'

/** Of `gamma: 'auto'`. */
const LARGEST_CHOSEN_WINDOW = 16

/** One arm with every sweep resolved, and its rule. */
export interface PlannedVariant {
  readonly record: Variant
  /** Absent for autoregressive decoding, and where the rate of a control is not known before its model was decoded. */
  readonly rule?: AcceptanceRule
}

/** Builds and checks a rule; throws DsdError `bad-input` whose `where` starts at the rule. */
export type RuleMaker = (spec: RuleSpec) => AcceptanceRule

/**
 * Every combination of the sweeps of every arm, in the order of declaration; controls after the arms that they copy.
 *
 * @throws DsdError `bad-input` naming the arm and the parameter that its rule refuses.
 */
export function planVariants(experiment: Experiment, makeRule: RuleMaker): PlannedVariant[] {
  const arms = Object.entries(experiment.arms)
  const ownRate = arms.filter(([, arm]) => copiedArm(arm) === undefined)
  const planned = ownRate.flatMap(([name, arm]) => variantsOf({ name, arm, makeRule }))
  const controls = arms.flatMap(([name, arm]) => {
    const copied = copiedArm(arm)
    return copied === undefined
      ? []
      : controlsOf({ name, arm, models: planned.filter(({ record }) => record.arm === copied) })
  })
  const all = withBaselines([...planned, ...controls], experiment.baseline)
  refuseEqualIds(
    all.map(({ record }) => record),
    ({ label, arm }, other) => ({
      message: `its variant ${label} is also a variant of ${other.arm}`,
      where: `arms.${arm}`,
      fix: 'give arms names that differ in more than case, and sweeps no value twice',
    }),
  )
  return all
}

function copiedArm(arm: ExperimentArm): string | undefined {
  if (arm.decode === 'autoregressive') return undefined
  const copied = arm.accept.matchRateOf
  return typeof copied === 'string' ? copied : undefined
}

interface NamedArm {
  readonly name: string
  readonly arm: ExperimentArm
}

function variantsOf({ name, arm, makeRule }: NamedArm & { readonly makeRule: RuleMaker }): PlannedVariant[] {
  if (arm.decode === 'autoregressive') {
    return [{ record: { ...named(name, {}), decode: arm.decode, gamma: 0, accept: null, lossless: true } }]
  }
  return resolutions(arm).map(({ gamma, window, accept, parameters }) => {
    const rule = ruleOf({ name, spec: accept, makeRule })
    return {
      rule,
      record: {
        ...named(name, parameters),
        decode: arm.decode,
        gamma,
        ...(window === undefined ? {} : { window }),
        ...(arm.draftAhead && { draftAhead: true as const }),
        accept: { ...rule.spec },
        lossless: rule.lossless,
      },
    }
  })
}

function controlsOf({
  name,
  arm,
  models,
}: NamedArm & { readonly models: readonly PlannedVariant[] }): PlannedVariant[] {
  if (arm.decode === 'autoregressive') return []
  return resolutions(arm).flatMap(({ gamma, accept, parameters }) => {
    const alike = models.filter(({ record }) => record.gamma === gamma)
    if (alike.length === 0) {
      throw new DsdError(`no variant of ${models[0]?.record.arm ?? 'the arm'} has a window of ${gamma}`, {
        kind: 'bad-input',
        where: `arms.${name}.gamma`,
        fix: `choose one of ${[...new Set(models.map(({ record }) => record.gamma))].join(', ')}`,
      })
    }
    return alike.map(({ record: model }) => ({
      record: {
        ...named(name, { ...parameters, ...model.parameters }),
        decode: 'speculative' as const,
        gamma,
        ...(arm.draftAhead && { draftAhead: true as const }),
        accept: { ...accept },
        lossless: false,
        controls: model.id,
      },
    }))
  })
}

interface ResolvedArm {
  readonly gamma: number
  readonly window?: 'auto'
  readonly accept: RuleSpec
  readonly parameters: Variant['parameters']
}

function resolutions({ gamma, accept }: Extract<ExperimentArm, { decode: 'speculative' }>): ResolvedArm[] {
  return expandSweeps({ gamma, accept }).flatMap(({ value, parameters }) => {
    if (!isRecord(value) || !isRuleSpec(value.accept)) return []
    const shared = { accept: value.accept, parameters: { ...parameters } }
    if (value.gamma === 'auto') return [{ ...shared, gamma: LARGEST_CHOSEN_WINDOW, window: 'auto' as const }]
    return typeof value.gamma === 'number' ? [{ ...shared, gamma: value.gamma }] : []
  })
}

function isRuleSpec(value: unknown): value is RuleSpec {
  return isRecord(value) && typeof value.name === 'string'
}

function ruleOf({
  name,
  spec,
  makeRule,
}: {
  readonly name: string
  readonly spec: RuleSpec
  readonly makeRule: RuleMaker
}): AcceptanceRule {
  try {
    return makeRule(spec)
  } catch (error) {
    if (!(error instanceof DsdError)) throw error
    throw new DsdError(error.message, {
      kind: 'bad-input',
      where: [`arms.${name}.accept`, ...parameterOf(error.where, spec.name)].join('.'),
      ...(error.fix === undefined ? {} : { fix: error.fix }),
      cause: error,
    })
  }
}

/** The path inside the rule, of a place that a rule names as `rule-name.parameter`. */
function parameterOf(where: string | undefined, rule: string): string[] {
  return where?.startsWith(`${rule}.`) ? [where.slice(rule.length + 1)] : []
}

function named(arm: string, parameters: Variant['parameters']): Pick<Variant, 'id' | 'arm' | 'label' | 'parameters'> {
  const short = Object.entries(parameters).map(([path, value]) => ({ key: path.split('.').at(-1) ?? path, value }))
  return {
    id: slug([arm, ...short.map(({ key, value }) => `${key}${value}`)].join('-')),
    arm,
    label: [arm, ...short.map(({ key, value }) => `${key} ${value}`)].join(', '),
    parameters,
  }
}

/** Each variant is compared with the baseline variant of its window; where there is none, with the first one. */
function withBaselines(variants: readonly PlannedVariant[], baseline: string): PlannedVariant[] {
  const candidates = variants.filter(({ record }) => record.arm === baseline).map(({ record }) => record)
  return variants.map((variant) => {
    if (variant.record.arm === baseline) return variant
    const against = candidates.find(({ gamma }) => gamma === variant.record.gamma) ?? candidates[0]
    return against === undefined ? variant : { ...variant, record: { ...variant.record, against: against.id } }
  })
}
