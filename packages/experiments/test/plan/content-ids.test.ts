import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Experiment } from '../../src/dsl/check.ts'
import { dsdAdaptive, strict } from '../../src/index.ts'
import { digestOf } from '../../src/plan/digest.ts'
import { makePlan, type Plan, type PlanFacts } from '../../src/plan/plan.ts'
import { ablation, facts, factsAt, plan } from './planned-ablation.ts'

const shippedScorer: unknown = JSON.parse(
  readFileSync(new URL('../../../acceptance/data/lab-pair.scorer.json', import.meta.url), 'utf8'),
)

describe('ids follow content', () => {
  const ids = (other: Plan): { decodings: string[]; passes: string[]; cells: string[] } => ({
    decodings: other.decodings.map(({ id }) => id),
    passes: other.passes.map(({ id }) => id),
    cells: other.cells.map(({ id }) => id),
  })

  it('the same declaration gives the same plan', () => {
    const again = makePlan(ablation, facts)
    expect(ids(again)).toEqual(ids(plan))
    expect(again.experimentDigest).toBe(plan.experimentDigest)
  })

  it('a new title changes the run and no work', () => {
    const renamed = makePlan({ ...ablation, title: 'Another question' }, facts)
    expect(renamed.experimentDigest).not.toBe(plan.experimentDigest)
    expect(ids(renamed)).toEqual(ids(plan))
  })

  it('a scorer that was fitted anew under its old name is another run; without a scorer the declaration is all', () => {
    const scored: Experiment = {
      ...ablation,
      arms: {
        strict: { decode: 'speculative', gamma: 4, accept: strict() },
        adaptive: { decode: 'speculative', gamma: 4, accept: dsdAdaptive({ scorer: 'fitted' }) },
      },
    }
    const fittedAt = (threshold: number): Plan =>
      makePlan(scored, {
        ...facts,
        makeRule: (spec) =>
          facts.makeRule(
            spec.scorer === undefined
              ? spec
              : { ...spec, scorer: { kind: 'fitted', scorer: shippedScorer, threshold } },
          ),
      })
    expect(fittedAt(0.3).experimentDigest).toBe(fittedAt(0.3).experimentDigest)
    expect(fittedAt(0.3).experimentDigest).not.toBe(fittedAt(0.4).experimentDigest)
    const { targetDigest, draftDigest, engine, code, ruleCode, tasks } = facts
    expect(plan.experimentDigest).toBe(
      digestOf({ experiment: ablation, targetDigest, draftDigest, engine, code, ruleCode, tasks }),
    )
  })

  it.each<[what: string, change: Partial<PlanFacts>]>([
    ['target', { targetDigest: 'other' }],
    ['draft model', { draftDigest: 'other' }],
    ['engine', { engine: 'tfjs-cpu 4.22.0' }],
    ['recording code', { code: { record: 'other', decode: 'another', analysis: 'b' } }],
  ])('another %s changes every pass', (_, change) => {
    const other = ids(makePlan(ablation, { ...facts, ...change }))
    expect(other.passes.filter((id) => ids(plan).passes.includes(id))).toEqual([])
  })

  it('other code that decodes under rules leaves the recorded passes', () => {
    const other = makePlan(ablation, { ...facts, code: { ...facts.code, decode: 'other' } })
    const kept = other.passes.filter(({ id }) => ids(plan).passes.includes(id))
    expect(new Set(kept.map(({ kind }) => kind))).toEqual(new Set(['recorded']))
    expect(kept).toHaveLength(plan.passes.filter(({ kind }) => kind === 'recorded').length)
  })

  it('another network changes cells and nothing that was decoded', () => {
    const slower: Experiment = { ...ablation, cluster: { ...ablation.cluster, link: { latencyMs: 100 } } }
    const other = makePlan(slower, facts)
    expect(ids(other).decodings).toEqual(ids(plan).decodings)
    expect(ids(other).cells.filter((id) => ids(plan).cells.includes(id))).toEqual([])
  })

  it('another sampling temperature is decoded anew, for every seed', () => {
    const warm = makePlan({ ...ablation, sampling: { temperature: 0.8 } }, factsAt(0.8))
    expect(ids(warm).passes.filter((id) => ids(plan).passes.includes(id))).toEqual([])
    // Rejection sampling draws differently for every window, so nothing but the plain decoding is recorded.
    expect(warm.passes.filter(({ kind }) => kind === 'recorded')).toHaveLength(2 * 3)
    expect(warm.passes.filter(({ rule }) => rule?.name === 'strict')).toHaveLength(2 * 3 * 3)
  })

  it('a control follows the rate of the decodings that it copies', () => {
    const gentler = makePlan(
      {
        ...ablation,
        arms: { ...ablation.arms, adaptive: { decode: 'speculative', gamma: 4, accept: dsdAdaptive({ tau: 0.15 }) } },
      },
      facts,
    )
    const controls = gentler.passes.filter(({ rateOf }) => rateOf !== undefined)
    expect(controls).toHaveLength(2 * 3)
    expect(controls.some(({ id }) => ids(plan).passes.includes(id))).toBe(false)
    const [control] = controls
    const copied = gentler.decodings.filter(({ id }) => control?.rateOf?.includes(id))
    expect(copied.map(({ variant, task }) => ({ variant, task }))).toEqual([
      { variant: 'adaptive', task: control?.task },
    ])
  })
})

describe('prompts as a chat template writes them', () => {
  it('are part of what a pass is', () => {
    const withChat = (chat: string): PlanFacts => ({ ...facts, tasks: facts.tasks.map((one) => ({ ...one, chat })) })
    const ids = [facts, withChat('a'), withChat('b')].map((of) => makePlan(ablation, of).passes.map(({ id }) => id))
    expect(new Set(ids.flat()).size).toBe(ids.flat().length)
  })
})
