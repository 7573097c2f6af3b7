export { correct, keep, relax } from './decisions.ts'
export {
  defineRule,
  type RegisteredRule,
  type RuleBehaviour,
  type RuleConstructor,
  type RuleParameters,
  type RuleSource,
} from './define-rule.ts'
export { type Evidence, evidenceOf } from './importance/evidence.ts'
export { FITTED_FEATURES, fittedFeatures } from './importance/fitted-features.ts'
export { type FittedScorer, fittedScorerSchema, scoreFitted } from './importance/fitted-scorer.ts'
export { type KeyCriteria, keyPosition } from './importance/key-position.ts'
export {
  defaultCoefficients,
  type Importance,
  type ScoreCoefficients,
  type ScoreOptions,
  scoreImportance,
} from './importance/score.ts'
export { type DraftSignals, draftSignals, LARGEST_KL, type RowSignals, rowSignals } from './importance/signals.ts'
export { classifyPiece, classifyVocabulary } from './importance/token-class.ts'
export { builtInRuleNames, registerRule, resolveRule, ruleNames, ruleSpecSchema } from './registry.ts'
export { acceptEverything } from './rules/accept-everything.ts'
export { coupled } from './rules/coupled.ts'
export { deferredWindow } from './rules/deferred-window.ts'
export { deterministic } from './rules/deterministic.ts'
export { divergence } from './rules/divergence.ts'
export { dsdAdaptive } from './rules/dsd-adaptive.ts'
export { forced } from './rules/forced.ts'
export { greedy } from './rules/greedy.ts'
export { klJudge } from './rules/kl-judge.ts'
export { lenience } from './rules/lenience.ts'
export { margin } from './rules/margin.ts'
export { marginNats } from './rules/margin-nats.ts'
export { oracle } from './rules/oracle.ts'
export { randomRelaxation } from './rules/random-relaxation.ts'
export { relaxedTopN } from './rules/relaxed-top-n.ts'
export { strict } from './rules/strict.ts'
export { topKGap } from './rules/top-k-gap.ts'
export { typical } from './rules/typical.ts'
export { uncertainty } from './rules/uncertainty.ts'
