// One import serves an experiment file: the declaration, and what a rule or a task of one's own is made of.
export { correct, defineRule, keep, registerRule, relax } from '@dsd-lab/acceptance'
export { targetToken } from '@dsd-lab/core'
export { z } from 'zod'
export {
  type GeneratedItem,
  type Generator,
  type ItemRequest,
  type LoadedTask,
  loadTask,
  type OpenedTask,
  openTask,
  registerTask,
  type TaskItem,
  type TaskRequest,
} from './datasets/index.ts'
export {
  type DrafterContext,
  type DrafterSource,
  type DrafterSpec,
  defineDrafter,
  type OwnDraftSession,
  type ProposedWindow,
} from './drafters/define-drafter.ts'
export { promptLookup } from './drafters/prompt-lookup.ts'
export { registerDrafter } from './drafters/registry.ts'
export { checkDeclaration, type Experiment } from './dsl/check.ts'
export {
  type ArmDeclaration,
  type ComputeDeclaration,
  type Declaration,
  experiment,
  type LiveDeclaration,
} from './dsl/experiment.ts'
export {
  acceptEverything,
  coupled,
  deferredWindow,
  deterministic,
  divergence,
  dsdAdaptive,
  forced,
  greedy,
  klJudge,
  lenience,
  type MatchedRelaxation,
  margin,
  marginNats,
  oracle,
  randomRelaxation,
  relaxedTopN,
  strict,
  sweepableRule,
  topKGap,
  typical,
  uncertainty,
} from './dsl/rules.ts'
export { type Sweep, type Sweepable, sweep } from './dsl/sweep.ts'
export { type TaskDeclaration, task } from './dsl/task.ts'
export { createGrader, type Grader, type GraderOptions, type Verdict } from './graders/index.ts'
export { type OracleTable, type OracleText, oracleTable } from './importance/oracle-labels.ts'
