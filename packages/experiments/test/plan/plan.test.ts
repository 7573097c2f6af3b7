import { readFileSync } from 'node:fs'
import { defineRule, keep, type RuleBehaviour, registerRule, resolveRule } from '@dsd-lab/acceptance'
import { DsdError, type RuleSpec } from '@dsd-lab/core'
import { describe, expect, it } from 'vitest'
import shipped from '../../catalog/ablation-adaptive.ts'
import { checkDeclaration, type Experiment } from '../../src/dsl/check.ts'
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
import { computeModel } from '../../src/plan/conditions.ts'
import { digestOf } from '../../src/plan/digest.ts'
import { makePlan, type Plan, type PlanFacts } from '../../src/plan/plan.ts'
import { linkSchema } from '../../src/store/schema.ts'

const factsAt = (temperature: number): PlanFacts => ({
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
const facts = factsAt(0)

const shippedScorer: unknown = JSON.parse(
  readFileSync(new URL('../../../acceptance/data/lab-pair.scorer.json', import.meta.url), 'utf8'),
)

const uneven = [
  { layers: { from: 0, to: 6 }, speed: 1, weightsMb: 6 },
  { layers: { from: 6, to: 8 }, speed: 0.5, memoryMb: 100, weightsMb: 3 },
]

const ablation: Experiment = { ...shipped, seeds: [1, 2, 3] }
const plan = makePlan(ablation, facts)

describe('the default ablation', () => {
  it('expands every sweep, and a control into one variant per variant that it copies', () => {
    expect(plan.variants.map(({ record }) => record.label)).toEqual([
      'autoregressive',
      'strict, gamma 2',
      'strict, gamma 4',
      'strict, gamma 8',
      'adaptive, tau 0.1',
      'adaptive, tau 0.2',
      'adaptive, tau 0.4',
      'random, tau 0.1',
      'random, tau 0.2',
      'random, tau 0.4',
    ])
    const control = plan.variants.at(-1)?.record
    expect(control?.controls).toBe('adaptive-tau0.4')
    expect(control?.accept).toEqual({ name: 'random-relaxation', matchRateOf: 'adaptive' })
  })

  it('has a condition per node count and latency', () => {
    expect(plan.conditions.map(({ id }) => id)).toEqual([
      'n2-latencyms5',
      'n2-latencyms20',
      'n2-latencyms50',
      'n4-latencyms5',
      'n4-latencyms20',
      'n4-latencyms50',
      'n8-latencyms5',
      'n8-latencyms20',
      'n8-latencyms50',
    ])
    expect(plan.conditions[0]?.compute).toEqual({ kind: 'declared', baseMs: 10, perRowMs: 0.4, draftStepMs: 1 })
  })

  it('decodes each task once for all lossless arms, once per tau, and once per seed only where chance decides', () => {
    const kinds = plan.passes
      .filter(({ task }) => task === 'programs')
      .map(({ kind, gamma, seed }) => ({ kind, gamma, seed }))
    expect(kinds).toEqual([
      { kind: 'recorded', gamma: 0, seed: 1 },
      ...[0.1, 0.2, 0.4].map(() => ({ kind: 'decoded', gamma: 4, seed: 1 })),
      ...[0.1, 0.2, 0.4].flatMap(() => [1, 2, 3].map((seed) => ({ kind: 'decoded', gamma: 4, seed }))),
    ])
    const lossless = plan.decodings.filter(({ task, variant }) => task === 'programs' && /^(auto|strict)/.test(variant))
    expect(new Set(lossless.map(({ pass }) => pass)).size).toBe(1)
    expect(new Set(lossless.map(({ id }) => id)).size).toBe(4)
  })

  it('times every decoding on every network, under every seed that moves the jitter', () => {
    expect(plan.cells).toHaveLength(10 * 9 * 2 * 3)
    expect(new Set(plan.cells.map(({ id }) => id)).size).toBe(plan.cells.length)
  })

  it('compares each variant with the baseline variant of its window', () => {
    const against = Object.fromEntries(plan.variants.map(({ record }) => [record.id, record.against]))
    expect(against).toMatchObject({
      'adaptive-tau0.1': 'strict-gamma4',
      'random-tau0.4': 'strict-gamma4',
      autoregressive: 'strict-gamma2',
    })
    expect(against['strict-gamma8']).toBeUndefined()
  })

  it('takes two arms on two networks to real shard processes, quickest first', () => {
    const live = plan.live.map((id) => plan.cells.find((cell) => cell.id === id))
    expect(live.map((cell) => [cell?.variant, cell?.condition])).toEqual([
      ['strict-gamma4', 'n2-latencyms5'],
      ['adaptive-tau0.2', 'n4-latencyms5'],
    ])
  })
})

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

describe('networks of one id', () => {
  const compute = { baseMs: 10, perRowMs: 1 }
  it.each([
    ['n2-latencyms5', { nodes: 2, compute, link: { latencyMs: sweep([5, 5]) } }],
    ['n2', { nodes: sweep([2, 2]), compute, link: { latencyMs: 5 } }],
  ])('are refused: %s', (id, cluster) => {
    expect(() => makePlan({ ...ablation, cluster }, facts)).toThrow(`two of its networks are called ${id}`)
  })
})

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

describe('what does not fit is named', () => {
  const arms = { strict: { decode: 'speculative', gamma: 4, accept: strict() } } as const
  const declared = (more: object): Experiment =>
    experiment({
      title: 'A question',
      models: { target: 'bundled:lab-target', draft: 'bundled:lab-draft' },
      tasks: [task('programs')],
      cluster: { nodes: 2, compute: { baseMs: 1, perRowMs: 1 }, link: { latencyMs: 5 } },
      arms: { ...arms, ...more },
      baseline: 'strict',
    })
  const lineOf = (made: Experiment): string => {
    try {
      makePlan(made, facts)
    } catch (error) {
      if (error instanceof DsdError) return error.line
      throw error
    }
    return 'nothing was thrown'
  }

  it('a parameter of a rule, with its arm', () => {
    const line = lineOf(
      declared({ adaptive: { decode: 'speculative', gamma: 4, accept: dsdAdaptive({ tau: sweep([0.1, 1.4]) }) } }),
    )
    expect(line).toMatch(/^arms\.adaptive\.accept\.tau: 1\.4 is .*; /)
  })

  it('a rule that nobody registered', () => {
    const line = lineOf(declared({ mine: { decode: 'speculative', gamma: 4, accept: { name: 'stritc' } } }))
    expect(line).toMatch(/^arms\.mine\.accept: unknown acceptance rule "stritc"; .*strict/)
  })

  it('a control whose window its model does not have', () => {
    const line = lineOf(
      declared({
        adaptive: { decode: 'speculative', gamma: 4, accept: dsdAdaptive() },
        random: { decode: 'speculative', gamma: 8, accept: randomRelaxation({ matchRateOf: 'adaptive' }) },
      }),
    )
    expect(line).toBe('arms.random.gamma: no variant of adaptive has a window of 8; choose one of 4')
  })
})

describe('nodes that are declared one by one', () => {
  const { cluster } = shipped
  const nodes = [{}, { speed: 0.5, memoryMb: 100 }] as const
  const [condition] = makePlan(
    { ...shipped, cluster: { ...cluster, nodes } },
    { ...facts, placement: uneven },
  ).conditions

  it('keep their layers in the manifest', () => {
    expect(condition).toMatchObject({ id: 'n2-latencyms5', nodes: 2, placement: uneven })
  })

  it('compute for as long as their layers and their speed say', () => {
    // 10 ms + 0.4 ms a row for an even share of 4 layers: 6 layers take 1.5 times that, 2 layers at half speed as long as 4.
    expect(condition && computeModel(condition)).toEqual([
      { baseMs: 15, perRowMs: expect.closeTo(0.6, 12) },
      { baseMs: 10, perRowMs: expect.closeTo(0.4, 12) },
    ])
  })

  it('are checked one by one', () => {
    const declared = (mistaken: readonly unknown[]) => () =>
      checkDeclaration({ ...shipped, cluster: { ...cluster, nodes: mistaken } })
    expect(declared([])).toThrow(expect.objectContaining({ where: 'cluster.nodes' }))
    expect(declared([{}, { speed: 0 }])).toThrow(expect.objectContaining({ where: 'cluster.nodes[1].speed' }))
    expect(declared([{ memory: 5 }])).toThrow('there is no field "memory"')
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

describe('prompts as a chat template writes them', () => {
  it('are part of what a pass is', () => {
    const withChat = (chat: string): PlanFacts => ({ ...facts, tasks: facts.tasks.map((one) => ({ ...one, chat })) })
    const ids = [facts, withChat('a'), withChat('b')].map((of) => makePlan(ablation, of).passes.map(({ id }) => id))
    expect(new Set(ids.flat()).size).toBe(ids.flat().length)
  })
})
