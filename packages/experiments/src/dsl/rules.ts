import {
  acceptEverything as acceptEverythingRule,
  coupled as coupledRule,
  deferredWindow as deferredWindowRule,
  deterministic as deterministicRule,
  divergence as divergenceRule,
  dsdAdaptive as dsdAdaptiveRule,
  type FittedScorer,
  forced as forcedRule,
  greedy as greedyRule,
  klJudge as klJudgeRule,
  lenience as lenienceRule,
  marginNats as marginNatsRule,
  margin as marginRule,
  oracle as oracleRule,
  type RegisteredRule,
  type RuleParameters,
  randomRelaxation as randomRelaxationRule,
  relaxedTopN as relaxedTopNRule,
  strict as strictRule,
  topKGap as topKGapRule,
  typical as typicalRule,
  uncertainty as uncertaintyRule,
} from '@dsd-lab/acceptance'
import type { RuleSpec } from '@dsd-lab/core'
import type { Sweepable, SweepableOptions } from './sweep.ts'

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

export const coupled = sweepableRule(coupledRule)
export const strict = sweepableRule(strictRule)
export const greedy = sweepableRule(greedyRule)
export const deterministic = sweepableRule(deterministicRule)
export const lenience = sweepableRule(lenienceRule)
export const typical = sweepableRule(typicalRule)
export const topKGap = sweepableRule(topKGapRule)
export const relaxedTopN = sweepableRule(relaxedTopNRule)
export const margin = sweepableRule(marginRule)
export const marginNats = sweepableRule(marginNatsRule)
export const deferredWindow = sweepableRule(deferredWindowRule)
export const divergence = sweepableRule(divergenceRule)
export const uncertainty = sweepableRule(uncertaintyRule)
export const klJudge = sweepableRule(klJudgeRule)

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
export const acceptEverything = sweepableRule(acceptEverythingRule)

/** Parameters of `oracle` in an experiment file. */
export interface OracleOptions {
  /**
   * Also `'measured'`, the newest finished measurement of `exp importance` among the runs that fits the models, the engine and the task,
   * or the path or id of one.
   */
  readonly labels: RuleParameters<typeof oracleRule>['labels'] | string
}

/** A scorer that knows; its labels belong to one task. */
export function oracle(parameters: SweepableOptions<OracleOptions>): RuleSpec {
  return { name: oracleRule.ruleName, ...parameters }
}

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
