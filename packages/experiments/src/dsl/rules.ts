import {
  coupled as coupledRule,
  dsdAdaptive as dsdAdaptiveRule,
  type FittedScorer,
  forced as forcedRule,
  greedy as greedyRule,
  lenience as lenienceRule,
  type RegisteredRule,
  type RuleParameters,
  randomRelaxation as randomRelaxationRule,
  strict as strictRule,
  typical as typicalRule,
} from '@dsd-lab/acceptance'
import type { RuleSpec } from '@dsd-lab/core'
import type { Sweepable, SweepableOptions } from './sweep.ts'

/** Names of the rules that an experiment file gets from here; any other one is the file's own, and has to be registered by it. */
export const shippedRules: readonly string[] = [
  strictRule,
  greedyRule,
  coupledRule,
  lenienceRule,
  typicalRule,
  dsdAdaptiveRule,
  randomRelaxationRule,
  forcedRule,
].map(({ ruleName }) => ruleName)

type Declared<Rule> = (
  ...parameters: Record<never, never> extends RuleParameters<Rule>
    ? [parameters?: SweepableOptions<RuleParameters<Rule>>]
    : [parameters: SweepableOptions<RuleParameters<Rule>>]
) => RuleSpec

/**
 * The constructor of a rule for experiment files: every parameter may be a sweep, and a bad one is reported with its path in the
 * experiment. Works for rules of your own.
 */
export function sweepableRule<Rule extends RegisteredRule>(rule: Rule): Declared<Rule> {
  return (...[parameters]) => ({ name: rule.ruleName, ...parameters })
}

export const strict = sweepableRule(strictRule)
export const greedy = sweepableRule(greedyRule)
export const coupled = sweepableRule(coupledRule)
export const lenience = sweepableRule(lenienceRule)
export const typical = sweepableRule(typicalRule)

type AdaptiveParameters = NonNullable<RuleParameters<typeof dsdAdaptiveRule>>

/** Parameters of `dsd-adaptive` in an experiment file. */
export interface AdaptiveOptions extends Omit<AdaptiveParameters, 'scorer'> {
  /** Also `'fitted'`, the scorer that ships for the bundled pair, or the path or content of a `scorer.json` of `exp importance`. */
  readonly scorer?: AdaptiveParameters['scorer'] | FittedScorer | string
}

/** DSD-style adaptive acceptance; every parameter may be a sweep. */
export function dsdAdaptive(parameters?: SweepableOptions<AdaptiveOptions>): RuleSpec {
  return { name: dsdAdaptiveRule.ruleName, ...parameters }
}

export const forced = sweepableRule(forcedRule)

/** A random control whose rate is the share of mismatches that another arm was measured to relax, per variant and task of it. */
export interface MatchedRelaxation<Arm extends string = string> extends RuleSpec {
  readonly name: 'random-relaxation'
  readonly matchRateOf: Arm
}

/** Accepts mismatches by chance: at a given `rate` in [0, 1], or at that of the arm named by `matchRateOf`. */
export function randomRelaxation<const Arm extends string>(options: {
  readonly matchRateOf: Arm
}): MatchedRelaxation<Arm>
export function randomRelaxation(options: { readonly rate: Sweepable<number> }): RuleSpec
export function randomRelaxation(options: Readonly<Record<string, unknown>>): RuleSpec {
  return { name: randomRelaxationRule.ruleName, ...options }
}
