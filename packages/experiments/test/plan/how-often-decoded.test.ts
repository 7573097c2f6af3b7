import { defineRule, keep, type RuleBehaviour, registerRule } from '@dsd-lab/acceptance'
import type { RuleSpec } from '@dsd-lab/core'
import { describe, expect, it } from 'vitest'
import type { Experiment } from '../../src/dsl/check.ts'
import {
  acceptEverything,
  coupled,
  deferredWindow,
  deterministic,
  divergence,
  dsdAdaptive,
  experiment,
  forced,
  klJudge,
  lenience,
  margin,
  marginNats,
  promptLookup,
  randomRelaxation,
  relaxedTopN,
  strict,
  sweep,
  task,
  topKGap,
  uncertainty,
} from '../../src/index.ts'
import { makePlan, type Plan } from '../../src/plan/plan.ts'
import { ablation, facts, factsAt } from './planned-ablation.ts'

describe('windows that are chosen on the way', () => {
  const chosen = (changes: Partial<Experiment>): Plan =>
    makePlan(
      {
        ...ablation,
        arms: { strict: { decode: 'speculative', gamma: { sweep: [4, 'auto'] }, accept: strict() } },
        baseline: 'strict',
        ...changes,
      },
      facts,
    )

  it('are another decoding of the one recorded pass on every network and, where links vary, under every seed', () => {
    const { variants, passes, decodings, cells } = chosen({})
    expect(variants.map(({ record }) => [record.id, record.label, record.gamma, record.window])).toEqual([
      ['strict-gamma4', 'strict, gamma 4', 4, undefined],
      ['strict-gammaauto', 'strict, gamma auto', 16, 'auto'],
    ])
    expect(passes.map(({ kind }) => kind)).toEqual(['recorded', 'recorded'])
    const auto = decodings.filter(({ variant, task }) => variant === 'strict-gammaauto' && task === 'programs')
    expect(auto).toHaveLength(9 * 3)
    expect(new Set(auto.map(({ id }) => id)).size).toBe(auto.length)
    const laid = cells.filter(({ decoding }) => auto.some(({ id }) => id === decoding))
    expect(laid.map(({ decoding, condition, seed }) => ({ id: decoding, condition, seed }))).toEqual(
      auto.map(({ id, condition, seed }) => ({ id, condition, seed })),
    )
    expect(cells).toHaveLength(2 * 2 * 9 * 3)
  })

  it('are refused under a rule that lets the window change the text', () => {
    const adaptive = { decode: 'speculative', gamma: 'auto', accept: dsdAdaptive({ tau: 0.2 }) } as const
    expect(() => chosen({ arms: { adaptive }, baseline: 'adaptive' })).toThrow(
      expect.objectContaining({
        line: 'arms.adaptive.gamma: windows are chosen on the way, and dsd-adaptive makes the text depend on them; give numbers, or a rule that keeps the text: coupled(), strict() at temperature 0; with a draft model',
      }),
    )
  })
})

describe('arms that draft ahead', () => {
  const arm = { decode: 'speculative', gamma: 4 } as const
  const planOf = (accept: RuleSpec): Plan =>
    makePlan(
      {
        ...ablation,
        arms: { waiting: { ...arm, accept }, ahead: { ...arm, accept, draftAhead: true } },
        baseline: 'waiting',
      },
      facts,
    )

  it('are made from the same texts as those that wait, and are decodings of their own', () => {
    for (const accept of [strict(), dsdAdaptive({ tau: 0.2 })]) {
      const { variants, passes, decodings } = planOf(accept)
      expect(variants.map(({ record }) => record.draftAhead)).toEqual([undefined, true])
      const own = decodings.filter(({ task }) => task === 'programs')
      expect(new Set(own.map(({ pass }) => pass)).size).toBe(1)
      expect(new Set(own.map(({ id }) => id)).size).toBe(2)
      // A recorded pass tells of itself which windows were foreseen; one that is decoded has to note it.
      expect(passes.map(({ kind, draftAhead }) => [kind, draftAhead])).toEqual(
        accept.name === 'strict' ? [1, 2].map(() => ['recorded', undefined]) : [1, 2].map(() => ['decoded', true]),
      )
    }
  })
})

describe('what a rule says of itself decides how often it is decoded', () => {
  const ownRule = (name: string, says: Partial<RuleBehaviour>): RuleSpec => {
    const rule = defineRule({ name, parameters: {}, create: () => ({ lossless: false, decide: keep, ...says }) })
    registerRule(rule)
    return rule()
  }
  const passesOf = (accept: RuleSpec, { temperature } = { temperature: 0 }): string[] => {
    const arms = { under: { decode: 'speculative', gamma: sweep([2, 4]), accept } } as const
    const { passes } = makePlan(
      { ...ablation, arms, baseline: 'under', sampling: { temperature } },
      factsAt(temperature),
    )
    return passes.filter((pass) => pass.task === 'programs').map(({ kind, seed }) => `${kind} ${seed}`)
  }
  const everySeed = ['decoded 1', 'decoded 2', 'decoded 3', 'decoded 1', 'decoded 2', 'decoded 3']

  it('assumes that a rule draws, and that its text depends on the window', () => {
    expect(passesOf(ownRule('says-nothing', {}))).toEqual(everySeed)
  })

  it('decodes a rule that draws nothing at temperature 0 once', () => {
    expect(passesOf(ownRule('draws-nothing', { drawsWhenGreedy: false }))).toEqual(['decoded 1', 'decoded 1'])
    expect(passesOf({ name: 'draws-nothing' }, { temperature: 1 })).toEqual(everySeed)
  })

  it('replays a rule whose text is that of plain decoding', () => {
    const accept = ownRule('replays', { lossless: true, drawsWhenGreedy: false, replayable: true })
    expect(passesOf(accept)).toEqual(['recorded 1'])
  })

  it.each<[RuleSpec, greedy: number, warm: number]>([
    [coupled(), 1, 3],
    [strict(), 1, 6],
    [deterministic(), 1, 6],
    [lenience({ l: 0.5 }), 2, 6],
    [topKGap(), 2, 6],
    [relaxedTopN(), 2, 6],
    [margin(), 2, 6],
    [marginNats(), 2, 6],
    [deferredWindow(), 2, 6],
    [divergence({ threshold: 0.1 }), 2, 6],
    [uncertainty({ a: 0.2 }), 2, 6],
    [klJudge({ threshold: 0.5 }), 2, 6],
    [acceptEverything(), 2, 6],
    [randomRelaxation({ rate: 0.1 }), 6, 6],
    [forced({ profile: 0.8 }), 6, 6],
  ])('$name takes %d passes at temperature 0 and %d above, for two windows and three seeds', (accept, greedy, warm) => {
    expect([passesOf(accept).length, passesOf(accept, { temperature: 0.8 }).length]).toEqual([greedy, warm])
  })
})

describe('a drafter that is the text itself', () => {
  const study = experiment({
    title: 'Windows from the text',
    models: { target: 'bundled:lab-target', draft: promptLookup({ ngram: 4 }) },
    tasks: [task('programs')],
    cluster: { nodes: 2, compute: { baseMs: 10, perRowMs: 0.4 }, link: { latencyMs: 20 } },
    arms: {
      plain: { decode: 'autoregressive' },
      lookup: { decode: 'speculative', gamma: sweep([2, 4]), accept: strict() },
    },
    baseline: 'plain',
  })

  it('is decoded for every window: what it drafts depends on where a window begins', () => {
    const { passes, conditions } = makePlan(study, { ...facts, draftsFromText: true })
    expect(passes.filter(({ task: name }) => name === 'programs').map(({ kind, gamma }) => [kind, gamma])).toEqual([
      ['recorded', 0],
      ['decoded', 2],
      ['decoded', 4],
    ])
    expect(conditions[0]?.compute.draftStepMs).toBe(0)
  })
})
