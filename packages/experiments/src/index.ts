export { checkDeclaration, type Experiment } from './dsl/check.ts'
export {
  type ArmDeclaration,
  type ComputeDeclaration,
  type Declaration,
  experiment,
} from './dsl/experiment.ts'
export {
  coupled,
  dsdAdaptive,
  forced,
  greedy,
  lenience,
  type MatchedRelaxation,
  randomRelaxation,
  strict,
  sweepableRule,
  typical,
} from './dsl/rules.ts'
export { type Sweep, type Sweepable, sweep } from './dsl/sweep.ts'
export { type TaskDeclaration, task } from './dsl/task.ts'
