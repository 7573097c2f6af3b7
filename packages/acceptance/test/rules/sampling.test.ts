import { judgeRun, pointMass, residual, sampleToken, sequenceNoise } from '@dsd-lab/core'
import { describe, expect, it } from 'vitest'
import { lenience, resolveRule, strict, typical } from '../../src/index.ts'
import { windowOutcomes } from '../law/enumerate.ts'
import { toyLanguage } from '../law/toy-language.ts'
import { judging } from './judging.ts'

describe('lenience at temperature > 0', () => {
  const language = toyLanguage({
    seed: 12,
    vocabSize: 4,
    sampling: { temperature: 1 },
    drafter: 'deterministic',
  })

  it.each([1, 0.7, 0.4])('l = %d lets no token out with more than p / l, and reaches it', (l) => {
    const rule = resolveRule(lenience({ l }), { vocabSize: 4, temperature: 1 })
    const p = language.target([])
    const x = language.proposal([])
    const out = [0, 0, 0, 0]
    for (const { accepted, next, probability } of windowOutcomes({ rule, language }, [x])) {
      const id = accepted === 1 ? x : next
      out[id] = (out[id] ?? 0) + probability
    }
    for (const [id, probability] of out.entries()) expect(probability).toBeLessThan(p.probabilityOf(id) / l + 1e-12)
    // All draft mass is on x, so it comes out as often as the rule allows.
    expect(out[x]).toBeCloseTo(Math.min(1, p.probabilityOf(x) / l), 12)
    expect(rule.lossless).toBe(l === 1)
  })
})

describe('strict at temperature > 0', () => {
  it('draws corrections with noise of their own, which no drafter shares', () => {
    const language = toyLanguage({ seed: 3, vocabSize: 6, sampling: { temperature: 1 }, drafter: 'deterministic' })
    const rule = resolveRule(strict(), { vocabSize: 6, temperature: 1 })
    const x = language.proposal([])
    const rest = residual(language.target([]), pointMass(x, 6))
    const corrections = Array.from({ length: 200 }, (_, sequence) => {
      const noise = sequenceNoise({ seed: 5, sequence })
      const logits = language.windowLogits([x])
      const request = { rule, sampling: language.sampling, logits, vocabSize: 6, firstPosition: 0, noise }
      const { accepted, next } = judgeRun({ ...request, drafted: [x] })
      return { rejected: accepted === 0, next, expected: sampleToken(rest, noise.at(0).residual) }
    }).filter(({ rejected }) => rejected)
    expect(corrections.length).toBeGreaterThan(50)
    expect(corrections.map(({ next }) => next)).toEqual(corrections.map(({ expected }) => expected))
  })
})

describe('typical at temperature > 0', () => {
  const row = [0.5, 0.3, 0.12, 0.08]
  const last = [0.25, 0.25, 0.25, 0.25]
  const keeps = (spec: ReturnType<typeof typical>): boolean[] =>
    [0, 1, 2, 3].map((x) => judging({ spec, rows: [row, last], drafted: [x], temperature: 1 }).accepted === 1)

  it('keeps what is above min(eps, delta exp(-H))', () => {
    // H = 1.166, exp(-H) = 0.312.
    expect(keeps(typical())).toEqual([true, true, true, false])
    expect(keeps(typical({ delta: 0.2 }))).toEqual([true, true, true, true])
    expect(keeps(typical({ eps: 0.9, delta: 1 }))).toEqual([true, false, false, false])
  })
})
