import { DsdError, type RuleSpec } from '@dsd-lab/core'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import {
  acceptEverything,
  builtInRuleNames,
  coupled,
  deferredWindow,
  defineRule,
  deterministic,
  divergence,
  dsdAdaptive,
  forced,
  greedy,
  keep,
  klJudge,
  lenience,
  margin,
  marginNats,
  oracle,
  randomRelaxation,
  registerRule,
  relaxedTopN,
  resolveRule,
  ruleNames,
  ruleSpecSchema,
  strict,
  topKGap,
  typical,
  uncertainty,
} from '../src/index.ts'

const context = { vocabSize: 8, temperature: 0.7 }
const specs: readonly RuleSpec[] = [
  strict(),
  coupled(),
  lenience({ l: 0.5 }),
  typical(),
  dsdAdaptive({ tau: 0.3 }),
  dsdAdaptive({ scorer: { kind: 'logistic', coefficients: { intercept: -2 } } }),
  randomRelaxation({ rate: 0.1 }),
  forced({ profile: [0.8, 0.7] }),
  deterministic(),
  topKGap({ beta: 3 }),
  relaxedTopN({ phase: { begin: [5], end: [6, 7] } }),
  margin(),
  marginNats({ nats: 0.2 }),
  deferredWindow({ w: 4 }),
  divergence({ threshold: 0.1, variant: 'tv' }),
  uncertainty({ a: 0.3 }),
  klJudge({ threshold: 0.4 }),
  acceptEverything(),
]

describe('a rule spec', () => {
  it.each(specs)('$name survives JSON and means the same rule afterwards', (spec) => {
    const travelled = ruleSpecSchema.parse(JSON.parse(JSON.stringify(spec)))
    expect(travelled).toEqual(spec)
    expect(resolveRule(travelled, context).spec).toEqual(resolveRule(spec, context).spec)
  })

  it('has its defaults filled in, so that equal rules are equal specs', () => {
    expect(typical({})).toEqual({ name: 'typical', eps: 0.09, delta: 0.3 })
    expect(ruleSpecSchema.parse({ name: 'typical' })).toEqual(typical())
  })

  it('says what has to travel and how to draft', () => {
    const facts = (spec: RuleSpec, temperature: number): unknown[] => {
      const { lossless, needs, drafting } = resolveRule(spec, { ...context, temperature })
      return [lossless, needs, drafting]
    }
    expect(facts(strict(), 1)).toEqual([true, 'distribution', 'sampled'])
    expect(facts(strict(), 0)).toEqual([true, 'ids', 'greedy'])
    expect(facts(coupled(), 1)).toEqual([true, 'ids', 'coupled'])
    expect(facts(dsdAdaptive({}), 1)).toEqual([false, 'distribution', 'coupled'])
    expect(facts(dsdAdaptive({}), 0)).toEqual([false, 'ids', 'coupled'])
    expect(facts(typical(), 1)).toEqual([false, 'ids', 'greedy'])
    expect(facts(lenience({ l: 0.5 }), 1)).toEqual([false, 'distribution', 'sampled'])
    expect(facts(deterministic(), 1)).toEqual([true, 'ids', 'greedy'])
    expect(facts(divergence({ threshold: 0.1 }), 1)).toEqual([false, 'distribution', 'coupled'])
    expect(facts(divergence({ threshold: 0.1 }), 0)).toEqual([false, 'distribution', 'coupled'])
    expect(facts(klJudge({ threshold: 0.1 }), 0)).toEqual([false, 'distribution', 'coupled'])
    expect(facts(uncertainty({ a: 0.1 }), 1)).toEqual([false, 'distribution', 'sampled'])
    expect(facts(uncertainty({ a: 0.1 }), 0)).toEqual([false, 'ids', 'greedy'])
    for (const spec of [topKGap(), relaxedTopN(), margin(), marginNats(), deferredWindow(), acceptEverything()]) {
      expect(facts(spec, 1)).toEqual([false, 'ids', 'coupled'])
    }
  })

  it('is lossless where its parameters leave nothing to relax', () => {
    const isLossless = (spec: RuleSpec) => resolveRule(spec, { ...context, temperature: 0 }).lossless
    const strictForms = [
      topKGap({ beta: 1 }),
      relaxedTopN({ n: 1 }),
      marginNats({ nats: 0 }),
      uncertainty({ a: 0 }),
      klJudge({ threshold: 9, mask: 0 }),
      oracle({ labels: { '0': { important: [4], unimportant: [] } } }),
    ]
    expect(strictForms.map(isLossless)).toEqual(strictForms.map(() => true))
    const loose = [topKGap(), relaxedTopN(), marginNats(), uncertainty({ a: 0.1 }), klJudge({ threshold: 9 }), margin()]
    expect(loose.map(isLossless)).toEqual(loose.map(() => false))
  })
})

describe('a mistake in a rule spec is one line', () => {
  it.each<[RuleSpec, string]>([
    [
      { name: 'stricct' },
      'rule.name: unknown acceptance rule "stricct"; use strict, or call registerRule for a rule of your own',
    ],
    [{ name: 'lenience', l: 2 }, 'lenience.l: 2 is not allowed; give a number above 0, at most 1'],
    [{ name: 'lenience' }, 'lenience.l: is missing; give a number above 0, at most 1'],
    [{ name: 'lenience', el: 0.5 }, 'lenience.el: unknown parameter; use l'],
    [{ name: 'typical', epz: 1 }, 'typical.epz: unknown parameter; use eps'],
    [{ name: 'coupled', tau: 1 }, 'coupled.tau: unknown parameter; leave it out, the rule has none'],
    [{ name: 'dsd-adaptive', tau: '0.2' }, 'dsd-adaptive.tau: "0.2" is not allowed; give a number from 0 to 1'],
    [
      { name: 'dsd-adaptive', scorer: { kind: 'logistic', threshold: 3 } },
      "dsd-adaptive.scorer.threshold: 3 is not allowed; give { kind: 'criteria' }, { kind: 'logistic', threshold from 0 to 1, coefficients } or { kind: 'fitted', scorer, threshold }",
    ],
    [
      { name: 'divergance', threshold: 1 },
      'rule.name: unknown acceptance rule "divergance"; use divergence, or call registerRule for a rule of your own',
    ],
    [{ name: 'divergence' }, 'divergence.threshold: is missing; give a number of at least 0'],
    [
      { name: 'divergence', threshold: 1, variant: 'hellinger' },
      'divergence.variant: "hellinger" is not allowed; give one of js, kl, tv',
    ],
    [{ name: 'top-k-gap', beta: 0.5 }, 'top-k-gap.beta: 0.5 is not allowed; give an integer of at least 1'],
    [{ name: 'kl-judge', treshold: 1, threshold: 1 }, 'kl-judge.treshold: unknown parameter; use threshold'],
    [
      { name: 'oracle', labels: {} },
      'oracle.labels: labels were measured at temperature 0, not 0.7; set sampling.temperature to 0',
    ],
    [
      { name: 'greedy' },
      'rule.name: greedy judges at temperature 0, not 0.7; set sampling.temperature to 0, or use coupled() or strict()',
    ],
  ])('%j', (spec, line) => {
    expect(lineOf(() => resolveRule(spec, context))).toBe(line)
  })

  it('names the path inside the spec for a schema that holds it', () => {
    const result = z.object({ accept: ruleSpecSchema }).safeParse({ accept: { name: 'lenience', l: 0 } })
    expect(result.error?.issues[0]).toMatchObject({
      path: ['accept', 'l'],
      message: '0 is not allowed; give a number above 0, at most 1',
    })
  })

  it('is found where the spec is written', () => {
    expect(lineOf(() => randomRelaxation({ rate: 7 }))).toMatch(/^random-relaxation.rate: 7 is not allowed/)
  })

  it('of a tokenizer that is not the target is named', () => {
    const tokenClasses = new Uint8Array(5)
    expect(lineOf(() => resolveRule(coupled(), { ...context, tokenClasses }))).toMatch(
      /5 token classes for a vocabulary of 8/,
    )
  })
})

describe('the registry', () => {
  it('knows the built-in rules, and greedy where it applies', () => {
    expect(builtInRuleNames).toEqual(ruleNames().slice(0, builtInRuleNames.length))
    expect(builtInRuleNames).toHaveLength(19)
    expect(ruleNames()).toEqual(
      expect.arrayContaining([
        'strict',
        'greedy',
        'coupled',
        'lenience',
        'typical',
        'dsd-adaptive',
        'random-relaxation',
        'forced',
      ]),
    )
    expect(resolveRule(greedy(), { ...context, temperature: 0 }).lossless).toBe(true)
  })

  it('takes a rule of a user, once, and no second one of its name', () => {
    const keepAll = () =>
      defineRule({ name: 'keep-all', parameters: {}, create: () => ({ lossless: false, decide: keep }) })
    const mine = keepAll()
    registerRule(mine)
    registerRule(mine)
    expect(resolveRule({ name: 'keep-all' }, context)).toMatchObject({
      lossless: false,
      needs: 'ids',
      drafting: 'coupled',
    })
    expect(lineOf(() => registerRule(keepAll()))).toMatch(/a rule named keep-all exists already; choose another name/)
  })

  it('takes no rule with a parameter called name, which would stand in for the name of the rule', () => {
    const parameters = { name: z.string().default('other') }
    const create = () => ({ lossless: false, decide: keep })
    // @ts-expect-error the type refuses it too
    expect(lineOf(() => defineRule({ name: 'named', parameters, create }))).toBe(
      'rule named: a parameter is called name, as the rule itself in its spec; call the parameter something else',
    )
  })
})

function lineOf(action: () => unknown): string {
  try {
    action()
  } catch (error) {
    if (error instanceof DsdError) return error.line
  }
  throw new Error('expected a DsdError')
}
