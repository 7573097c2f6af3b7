import {
  type AcceptanceRule,
  judgeRun,
  mixture,
  type RuleSpec,
  sparseDistribution,
  TOKEN_CLASSES,
  type TokenId,
  totalVariation,
  warp,
} from '@dsd-lab/core'
import { describe, expect, it } from 'vitest'
import { dsdAdaptive, randomRelaxation, resolveRule } from '../../src/index.ts'
import { handNoise, LARGEST, thresholdOf, willing } from './probe.ts'

const VOCAB = 5
const sampling = { temperature: 0.9 }
const logits = Float32Array.of(2, 1.2, 0.7, 0, -0.5)
const p = warp(logits, sampling)
const q = sparseDistribution({ vocabSize: VOCAB, ids: [1, 2, 3], weights: [40_000, 20_000, 5536] })
const ids = Array.from({ length: VOCAB }, (_, id) => id)
const neverKey = { l1: 1e6, l2: 1, l3: 0, classes: [] }

interface Draw {
  readonly x: TokenId
  /** The target's own choice. */
  readonly t: TokenId
  readonly accept: number
}

/** The token that comes out at a drafted position: the draft, or what replaces it. */
function outcome(rule: AcceptanceRule, { x, t, accept }: Draw): TokenId {
  const field = { at: (id: TokenId) => (id === t ? 2 ** -53 : 0.5) }
  const { accepted, next } = judgeRun({
    rule,
    sampling,
    logits: Float32Array.from([...logits, ...logits]),
    vocabSize: VOCAB,
    firstPosition: 0,
    drafted: [x],
    drafts: rule.needs === 'distribution' ? [q] : undefined,
    noise: handNoise((position) => (position === 0 ? { accept, field } : willing)),
  })
  return accepted === 1 ? x : next
}

/** Joint law of the draft x ~ q and the target's choice t ~ p, some way of drawing both. */
type Coupling = (x: TokenId, t: TokenId) => number
const independent: Coupling = (x, t) => q.probabilityOf(x) * p.probabilityOf(t)
/** Equal as often as can be, the rest independent. */
const maximal: Coupling = (x, t) => {
  const shared = (id: TokenId): number => Math.min(p.probabilityOf(id), q.probabilityOf(id))
  const rest = (q.probabilityOf(x) - shared(x)) * (p.probabilityOf(t) - shared(t))
  return (x === t ? shared(x) : 0) + rest / totalVariation(p, q)
}

/** Exact output law, the acceptance probabilities being read off the real rule. `[vocab]` */
function outputLaw(rule: AcceptanceRule, coupling: Coupling): number[] {
  const law = new Array<number>(VOCAB).fill(0)
  const add = (id: TokenId, probability: number): void => {
    law[id] = (law[id] ?? 0) + probability
  }
  for (const x of q.ids) {
    for (const t of ids) {
      const kept = x === t ? 1 : thresholdOf((accept) => outcome(rule, { x, t, accept }) === x)
      add(x, coupling(x, t) * kept)
      add(outcome(rule, { x, t, accept: LARGEST }), coupling(x, t) * (1 - kept))
    }
  }
  return law
}

const resolve = (spec: RuleSpec, tokenClasses?: Uint8Array): AcceptanceRule =>
  resolveRule(spec, { vocabSize: VOCAB, temperature: sampling.temperature, ...(tokenClasses && { tokenClasses }) })
const deviation = (law: readonly number[]): number =>
  ids.reduce((sum, id) => sum + Math.abs((law[id] ?? 0) - p.probabilityOf(id)), 0) / 2

describe.each([0, 0.1, 0.25, 0.5, 1])('with tau = %d', (tau) => {
  it.each([
    ['dsd-adaptive', dsdAdaptive({ tau, ...neverKey })],
    ['random-relaxation', randomRelaxation({ rate: tau })],
  ])('%s gives (1 - tau) p + tau q on a relaxed position, however x and t are coupled', (_, spec) => {
    const rule = resolve(spec)
    const expected = mixture({ base: p, other: q, share: tau })
    for (const coupling of [independent, maximal]) {
      const law = outputLaw(rule, coupling)
      for (const id of ids) expect(Math.abs((law[id] ?? 0) - expected.probabilityOf(id))).toBeLessThan(1e-12)
      expect(Math.abs(deviation(law) - tau * totalVariation(p, q))).toBeLessThan(1e-12)
    }
    expect(rule.lossless).toBe(tau === 0)
  })

  it('dsd-adaptive leaves the law of the target on a key position', () => {
    const numbers = new Uint8Array(VOCAB).fill(TOKEN_CLASSES.indexOf('number'))
    const rule = resolve(dsdAdaptive({ tau, ...neverKey, classes: ['number'] }), numbers)
    expect(deviation(outputLaw(rule, independent))).toBeLessThan(1e-12)
  })
})

describe('what is key', () => {
  it('must not follow from the sampled token: a rule that looks at it no longer deviates by tau TV(p, q)', () => {
    const tau = 0.5
    const right = resolve(dsdAdaptive({ tau, ...neverKey }))
    const looking: AcceptanceRule = {
      ...right,
      judge: (rows) => (rows[0]?.drafted === 1 ? resolve(dsdAdaptive({ tau: 0 })).judge(rows) : right.judge(rows)),
    }
    const isExact = (rule: AcceptanceRule): boolean =>
      Math.abs(deviation(outputLaw(rule, maximal)) - tau * totalVariation(p, q)) < 1e-12
    expect([isExact(right), isExact(looking)]).toEqual([true, false])
  })

  it('is the same for every draft that the same law may give', () => {
    const classes = Uint8Array.from(ids, (id) => TOKEN_CLASSES.indexOf(id === 3 ? 'number' : 'function-word'))
    for (const spec of [dsdAdaptive({ tau: 1 }), dsdAdaptive({ tau: 1, scorer: { kind: 'logistic' } })]) {
      const rule = resolve(spec, classes)
      const kept = [...q.ids].map((x) => outcome(rule, { x, t: 4, accept: 0.5 }) === x)
      expect(new Set(kept).size).toBe(1)
    }
  })
})
