import { mixture, quantise, type RuleSpec, type Sampling, warp } from '@dsd-lab/core'
import { describe, expect, it } from 'vitest'
import { coupled, dsdAdaptive, randomRelaxation, resolveRule, strict } from '../../src/index.ts'
import { distanceToCounts, noiseFloor } from './noise-floor.ts'
import { decodeText } from './simulate.ts'
import { allTexts, type ToyLanguage, targetProbability, toyLanguage } from './toy-language.ts'

const DRAWS = 120_000
const VOCAB = 4
const warm: Sampling = { temperature: 0.8 }
const language = toyLanguage({
  seed: 21,
  vocabSize: VOCAB,
  sampling: warm,
  drafter: (logits) => quantise(warp(logits, warm), 3),
})
const neverKey = { l1: 1e6, l2: 1, l3: 0, classes: [] }

interface Case {
  readonly spec: RuleSpec
  readonly gamma: number
  /** Length of the texts that are compared. */
  readonly length: number
}

function sampleCounts({ spec, gamma, length }: Case): number[] {
  const rule = resolveRule(spec, { vocabSize: VOCAB, temperature: warm.temperature })
  const slots = new Map(allTexts(VOCAB, length).map((text, slot) => [text.join(), slot]))
  const counts = new Array<number>(slots.size).fill(0)
  for (let sequence = 0; sequence < DRAWS; sequence++) {
    const text = decodeText({ rule, language, gamma, seed: 77 }, { sequence, length })
    const slot = slots.get(text.join()) ?? -1
    counts[slot] = (counts[slot] ?? 0) + 1
  }
  return counts
}

describe(`${DRAWS} draws with the keyed noise`, { timeout: 240_000 }, () => {
  it.each<Case>([
    { spec: strict(), gamma: 1, length: 2 },
    { spec: strict(), gamma: 2, length: 3 },
    { spec: coupled(), gamma: 2, length: 3 },
    { spec: coupled(), gamma: 0, length: 2 },
  ])('$spec.name, window of $gamma: texts of $length tokens follow the law of the target', (how) => {
    const law = allTexts(VOCAB, how.length).map((text) => targetProbability(language, text))
    expect(distanceToCounts(sampleCounts(how), law)).toBeLessThan(noiseFloor(law, DRAWS))
  })

  it.each<Case & { readonly share: number }>([
    { spec: dsdAdaptive({ tau: 0.4, ...neverKey }), gamma: 1, length: 1, share: 0.4 },
    { spec: randomRelaxation({ rate: 0.4 }), gamma: 1, length: 1, share: 0.4 },
  ])('$spec.name: a relaxed position follows (1 - tau) p + tau q', ({ share, ...how }) => {
    const law = mixedLaw(language, share)
    const counts = sampleCounts(how)
    expect(distanceToCounts(counts, law)).toBeLessThan(noiseFloor(law, DRAWS))
    const plain = mixedLaw(language, 0)
    expect(distanceToCounts(counts, plain), 'the gate must tell it from p').toBeGreaterThan(noiseFloor(plain, DRAWS))
  })
})

function mixedLaw({ target, draft }: ToyLanguage, share: number): number[] {
  const law = mixture({ base: target([]), other: draft([]) ?? target([]), share })
  return allTexts(VOCAB, 1).map(([id = 0]) => law.probabilityOf(id))
}
