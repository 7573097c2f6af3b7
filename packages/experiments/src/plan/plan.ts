import type { RuleSpec, Sampling } from '@dsd-lab/core'
import type { Experiment } from '../dsl/check.ts'
import { isRecord } from '../dsl/sweep.ts'
import type { Cell, Condition, Decoding } from '../store/schema.ts'
import { planCells } from './cells.ts'
import type { CodeVersion } from './code-version.ts'
import { type ConditionFacts, planConditions } from './conditions.ts'
import { digestOf } from './digest.ts'
import { chooseLiveCells } from './live-cells.ts'
import type { Pass, PlannedTask } from './pass-of.ts'
import { planDecodings } from './passes.ts'
import { type PlannedVariant, planVariants, type RuleMaker } from './variants.ts'

/** What has to be known beside the declaration. Everything here ends up in the ids. */
export interface PlanFacts extends ConditionFacts {
  readonly makeRule: RuleMaker
  readonly targetDigest: string
  readonly draftDigest: string | null
  /** Name and version. */
  readonly engine: string
  readonly code: CodeVersion
  readonly ruleCode: string | null
  readonly tasks: readonly PlannedTask[]
}

/** Everything that a run will do, a pure function of the declaration and the facts. */
export interface Plan {
  /** Of all that determines the run, the content of fitted scorers and measured labels included. */
  readonly experimentDigest: string
  readonly sampling: Sampling
  readonly seeds: readonly number[]
  readonly variants: readonly PlannedVariant[]
  readonly conditions: readonly Condition[]
  readonly passes: readonly Pass[]
  readonly decodings: readonly Decoding[]
  readonly cells: readonly Cell[]
  /** Ids of the cells that are run again over real shard processes. */
  readonly live: readonly string[]
}

/** What is measured on the way does not count. */
function experimentDigest(
  experiment: Experiment,
  { targetDigest, draftDigest, engine, code, ruleCode, tasks }: PlanFacts,
  variants: readonly PlannedVariant[],
): string {
  const measured = variants.flatMap(({ rule }) => (holdsMeasured(rule?.spec) ? [rule?.spec] : []))
  // The declaration may only name a scorer or labels; without them the digest is that of the declaration.
  const rules = measured.length === 0 ? undefined : measured
  return digestOf({ experiment, targetDigest, draftDigest, engine, code, ruleCode, tasks, rules })
}

function holdsMeasured(spec: RuleSpec | undefined): boolean {
  return spec?.name === 'oracle' || (isRecord(spec?.scorer) && spec.scorer.kind === 'fitted')
}

/** @throws DsdError `bad-input` naming the path of what does not fit. */
export function makePlan(experiment: Experiment, facts: PlanFacts): Plan {
  const { sampling = { temperature: 0 }, seeds = [1] } = experiment
  const { targetDigest, draftDigest, engine, code, ruleCode, tasks } = facts
  const variants = planVariants(experiment, facts.makeRule)
  const conditions = planConditions(experiment, facts)
  const { decodings, passes } = planDecodings(variants, {
    targetDigest,
    draftDigest,
    draftsFromText: facts.draftsFromText ?? false,
    engine,
    sampling,
    code,
    ruleCode,
    tasks,
    seeds,
    conditions,
  })
  const cells = planCells({ decodings, conditions, seeds, analysisCode: code.analysis })
  const { cells: count = 0, nodes } = experiment.live ?? {}
  return {
    experimentDigest: experimentDigest(experiment, facts, variants),
    sampling,
    seeds,
    variants,
    conditions,
    passes,
    decodings,
    cells,
    live: count === 0 ? [] : chooseLiveCells({ cells, variants, conditions, count, nodes: nodes?.length }),
  }
}
