import { resolveRule } from '@dsd-lab/acceptance'
import shipped from '../../catalog/ablation-adaptive.ts'
import type { Experiment } from '../../src/dsl/check.ts'
import { makePlan, type PlanFacts } from '../../src/plan/plan.ts'
import { linkSchema } from '../../src/store/schema.ts'

/** What a plan has to know beside the declaration, at a temperature. */
export const factsAt = (temperature: number): PlanFacts => ({
  makeRule: (spec) => resolveRule(spec, { vocabSize: 2048, temperature }),
  link: (declared) => linkSchema.parse({ jitterMs: 0, loss: 0, ...Object(declared) }),
  targetDigest: 'target',
  draftDigest: 'draft',
  engine: 'tfjs-wasm 4.22.0',
  code: { record: 'r', decode: 'a', analysis: 'b' },
  ruleCode: null,
  tasks: [
    { name: 'word-problems', digest: 'w', maxTokens: 160 },
    { name: 'programs', digest: 'p', maxTokens: 160 },
  ],
})
export const facts = factsAt(0)

export const ablation: Experiment = { ...shipped, seeds: [1, 2, 3] }
export const plan = makePlan(ablation, facts)
