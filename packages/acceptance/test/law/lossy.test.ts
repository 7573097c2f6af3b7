import { type Distribution, jsDivergence, klDivergence, quantise, type RuleSpec, totalVariation } from '@dsd-lab/core'
import { describe, expect, it } from 'vitest'
import { acceptEverything, divergence, klJudge } from '../../src/index.ts'
import { couplings } from './couplings.ts'
import { deviationFromTarget, type FirstToken, firstTokenLaw } from './first-token.ts'
import { anything, cases, ids, type LossyCase, languageOf, resolve, seeds, top, VOCAB } from './lossy-cases.ts'
import { distanceToCounts, noiseFloor } from './noise-floor.ts'
import { decodeText } from './simulate.ts'
import type { ToyLanguage } from './toy-language.ts'

describe.each(cases)('$spec', ({ spec, gamma, deviation, ratio }) => {
  const rule = resolve(spec)

  it.each(['coupled', 'sampled', 'greedy'] as const)(
    'keeps its bound exactly with a drafter that is %s',
    (coupling) => {
      for (const seed of seeds) {
        const language = languageOf(seed)
        const p = language.target([])
        const q = coupling === 'greedy' ? quantise(language.draft([]) ?? p, 1) : (language.draft([]) ?? p)
        const told = { ...language, draft: coupling === 'greedy' ? oneToken(language) : language.draft }
        const exact = firstTokenLaw({ rule, language: told, gamma, coupling })
        expect(exact.law.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12)
        const moved = deviationFromTarget(exact, language)
        // Only a relaxed token can move the law: the share that a run reports bounds what it did to the text.
        expect(moved).toBeLessThan(exact.relaxed + 1e-12)
        expect(moved).toBeLessThan(deviation(p, q) + 1e-12)
        for (const [id, share] of exact.law.entries()) {
          expect(share).toBeLessThan(p.probabilityOf(id) * (ratio?.(p) ?? Number.POSITIVE_INFINITY) + 1e-12)
        }
      }
    },
  )

  it('relaxes somewhere, so that its bounds are not empty', () => {
    const relaxed = seeds.map((seed) => firstTokenLaw({ rule, language: languageOf(seed), gamma }).relaxed)
    expect(Math.max(...relaxed)).toBeGreaterThan(0.02)
  })

  it('samples that law with the keyed noise', () => {
    const language = languageOf(3)
    const { law } = firstTokenLaw({ rule, language, gamma })
    const draws = 12_000
    const counts = new Array<number>(VOCAB).fill(0)
    for (let sequence = 0; sequence < draws; sequence++) {
      const [id = 0] = decodeText({ rule, language, gamma, seed: 5 }, { sequence, length: 1 })
      counts[id] = (counts[id] ?? 0) + 1
    }
    expect(distanceToCounts(counts, law)).toBeLessThan(noiseFloor(law, draws))
    const p = language.target([])
    const plain = ids.map((id) => p.probabilityOf(id))
    const bound = deviation(p, language.draft([]) ?? p)
    expect(distanceToCounts(counts, plain)).toBeLessThan(bound + noiseFloor(plain, draws))
  })
})

describe.each(cases.filter(({ keeps }) => keeps !== undefined))('$spec', ({ spec, gamma, keeps = anything }) => {
  it('has the law that its formula gives, however drafts hang together with the target', () => {
    const rule = resolve(spec)
    for (const seed of seeds) {
      const language = languageOf(seed)
      for (const coupling of ['coupled', 'sampled'] as const) {
        const { law } = firstTokenLaw({ rule, language, gamma, coupling })
        const expected = formulaLaw({ rule, language, gamma, coupling }, keeps)
        for (const id of ids) expect(Math.abs((law[id] ?? 0) - (expected[id] ?? 0))).toBeLessThan(1e-12)
      }
    }
  })
})

/** A drafter that proposes its most likely token, whose law is all mass on it. */
function oneToken(language: ToyLanguage): ToyLanguage['draft'] {
  return (prefix) => quantise(language.draft(prefix) ?? language.target(prefix), 1)
}

/** The law of the first token from the share of mismatches that a formula keeps; the joint law of x and t is the enumeration's. */
function formulaLaw(how: FirstToken, keeps: NonNullable<LossyCase['keeps']>): number[] {
  const { language, coupling = how.rule.drafting } = how
  const p = language.target([])
  const q = language.draft([]) ?? p
  const law = new Array<number>(VOCAB).fill(0)
  const joint = couplings[coupling](p, q)
  for (const x of ids) {
    for (const t of ids) {
      const kept = x === t ? 1 : keeps(p, q, x)
      law[x] = (law[x] ?? 0) + joint(x, t) * kept
      law[t] = (law[t] ?? 0) + joint(x, t) * (1 - kept)
    }
  }
  return law
}

describe('rules that decide by the laws alone', () => {
  it.each<[RuleSpec, follows: (p: Distribution, q: Distribution) => boolean]>([
    [divergence({ threshold: 0.1 }), (p, q) => jsDivergence(p, q) <= 0.1],
    [divergence({ threshold: 0.3, variant: 'tv' }), (p, q) => totalVariation(p, q) <= 0.3],
    [klJudge({ threshold: 0.5, mask: 0.6 }), (p, q) => top(p) <= 0.6 && klDivergence(q, p) <= 0.5],
    [acceptEverything(), () => true],
  ])('%j gives q where it relaxes and p elsewhere', (spec, follows) => {
    const relaxed = seeds.map((seed) => {
      const language = languageOf(seed)
      const p = language.target([])
      const q = language.draft([]) ?? p
      const { law } = firstTokenLaw({ rule: resolve(spec), language, gamma: 1 })
      const expected = follows(p, q) ? q : p
      for (const id of ids) expect(Math.abs((law[id] ?? 0) - expected.probabilityOf(id))).toBeLessThan(1e-12)
      return follows(p, q)
    })
    expect(relaxed).toContain(true)
    if (spec.name !== 'accept-everything') expect(relaxed).toContain(false)
  })
})
