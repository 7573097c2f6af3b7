import {
  judgeRun,
  pointMass,
  quantise,
  type Sampling,
  sampleToken,
  sequenceNoise,
  sparseDistribution,
  warp,
} from '@dsd-lab/core'
import { describe, expect, it } from 'vitest'
import { coupled, deterministic, greedy, resolveRule, strict } from '../../src/index.ts'
import { addContinuations, draftWindows, jointLaw, windowOutcomes, worstError } from './enumerate.ts'
import { handNoise, probeLaw, willing } from './probe.ts'
import { allTexts, type ToyOptions, toyLanguage } from './toy-language.ts'

const VOCAB = 4
const warm: Sampling = { temperature: 0.8 }
const hot: Sampling = { temperature: 2, topK: 3, topP: 0.9 }
const families: Record<string, Pick<ToyOptions, 'sampling' | 'drafter'>> = {
  'another model, same warping': { sampling: warm, drafter: (logits) => warp(logits, warm) },
  'top-k and top-p on both sides': { sampling: hot, drafter: (logits) => warp(logits, hot) },
  'a draft law cut to two tokens and quantised': {
    sampling: warm,
    drafter: (logits) => quantise(warp(logits, warm), 2),
  },
  'supports without a common token': {
    sampling: { temperature: 1, topK: 2 },
    drafter: (logits, target) => {
      const ids = [...logits.keys()].filter((id) => target.probabilityOf(id) === 0)
      return sparseDistribution({ vocabSize: VOCAB, ids, weights: ids.map((id) => Math.exp(logits[id] ?? 0)) })
    },
  },
  'the draft law of the target itself': { sampling: warm, drafter: (_, target) => target },
  'a drafter without chance in it': { sampling: warm, drafter: 'deterministic' },
  'a law of one token that travels': { sampling: warm, drafter: (logits) => pointMass(1, logits.length) },
}
const windows = [
  { gamma: 1, vocabSize: VOCAB, seeds: [1, 2, 3] },
  { gamma: 2, vocabSize: VOCAB, seeds: [4, 5] },
  { gamma: 3, vocabSize: VOCAB, seeds: [6] },
]
const resolve = (spec: Parameters<typeof resolveRule>[0], temperature: number) =>
  resolveRule(spec, { vocabSize: VOCAB, temperature })

describe.each(Object.entries(families))('strict with %s', (_, family) => {
  it.each(windows)('gives the joint law of the target over a window of $gamma', ({ gamma, vocabSize, seeds }) => {
    const rule = resolve(strict(), family.sampling.temperature)
    for (const seed of seeds) {
      const language = toyLanguage({ seed, vocabSize, ...family })
      expect(worstError(jointLaw({ rule, language, gamma }), language, gamma + 1)).toBeLessThan(1e-12)
    }
  })
})

describe.each(Object.entries(families))('coupled with %s', (_, family) => {
  const rule = resolve(coupled(), family.sampling.temperature)

  it('emits the sample of the target itself, whatever was drafted', () => {
    const { sampling } = family
    for (const { gamma, vocabSize, seeds } of windows) {
      const language = toyLanguage({ seed: seeds[0] ?? 0, vocabSize, ...family })
      for (let sequence = 0; sequence < 5; sequence++) {
        const noise = sequenceNoise({ seed: 99, sequence })
        const judge = (drafted: readonly number[], firstPosition: number, logits: Float32Array) =>
          judgeRun({ rule, sampling, logits, vocabSize, firstPosition, drafted, noise })
        const plain: number[] = []
        while (plain.length <= gamma) plain.push(judge([], plain.length, language.targetLogits(plain)).next)
        for (const drafted of allTexts(vocabSize, gamma)) {
          const { accepted, next } = judge(drafted, 0, language.windowLogits(drafted))
          expect([...drafted.slice(0, accepted), next]).toEqual(plain.slice(0, accepted + 1))
          expect(drafted[accepted]).not.toBe(next)
        }
      }
    }
  })

  it('samples exactly the law of the target', () => {
    const language = toyLanguage({ seed: 8, vocabSize: VOCAB, ...family })
    for (const prefix of allTexts(VOCAB, 2)) {
      const logits = language.targetLogits(prefix)
      const law = probeLaw(VOCAB, (field) => {
        const noise = handNoise(() => ({ ...willing, field }))
        const { sampling } = family
        return judgeRun({ rule, sampling, logits, vocabSize: VOCAB, firstPosition: 2, drafted: [], noise }).next
      })
      for (const [id, probability] of law.entries()) {
        expect(Math.abs(probability - language.target(prefix).probabilityOf(id))).toBeLessThan(1e-12)
      }
    }
  })
})

describe('coupled', () => {
  it('agrees with its drafter as often as the race integrals say', () => {
    const n = 120_000
    const target = warp(Float32Array.of(2, 1, 0.5, 0, -1), warm)
    const draft = warp(Float32Array.of(1, 1.5, 0, 0.5, -2), warm)
    // Daliri et al.: P(match) = sum_i 1 / sum_j max(p_j / p_i, q_j / q_i).
    const ids = [0, 1, 2, 3, 4]
    const ratio = (law: typeof target, j: number, i: number): number => law.probabilityOf(j) / law.probabilityOf(i)
    const expected = ids
      .map((i) => 1 / ids.reduce((sum, j) => sum + Math.max(ratio(target, j, i), ratio(draft, j, i)), 0))
      .reduce((sum, share) => sum + share, 0)
    let matches = 0
    const noise = sequenceNoise({ seed: 3, sequence: 0 })
    for (let position = 0; position < n; position++) {
      const { target: field } = noise.at(position)
      if (sampleToken(target, field) === sampleToken(draft, field)) matches++
    }
    expect(Math.abs(matches / n - expected)).toBeLessThan(5 * Math.sqrt((expected * (1 - expected)) / n))
  })
})

describe('deterministic', () => {
  it.each(windows)('gives the joint law of the target over a window of $gamma', ({ gamma, vocabSize, seeds }) => {
    for (const sampling of [warm, hot]) {
      const rule = resolve(deterministic(), sampling.temperature)
      for (const seed of seeds) {
        const language = toyLanguage({ seed, vocabSize, sampling, drafter: 'deterministic' })
        expect(worstError(jointLaw({ rule, language, gamma }), language, gamma + 1)).toBeLessThan(1e-12)
      }
    }
  })

  it('stays exact when the draft was drawn after all: given any x, the answer follows p', () => {
    const language = toyLanguage({ seed: 1, vocabSize: VOCAB, sampling: warm, drafter: (logits) => warp(logits, warm) })
    const ids = { ...language, draft: () => undefined }
    const rule = resolve(deterministic(), warm.temperature)
    const law = new Map<string, number>()
    for (const { drafted, probability } of draftWindows(language, 1)) {
      for (const outcome of windowOutcomes({ rule, language: ids }, drafted)) {
        const emitted = [...drafted.slice(0, outcome.accepted), outcome.next]
        addContinuations(law, { language, length: 2 }, { emitted, probability: probability * outcome.probability })
      }
    }
    expect(worstError(law, language, 2)).toBeLessThan(1e-12)
  })
})

describe.each([greedy(), strict(), coupled(), deterministic()])('$name at temperature 0', (spec) => {
  it('gives the argmax text for every draft window', () => {
    const rule = resolve(spec, 0)
    expect([rule.lossless, rule.needs]).toEqual([true, 'ids'])
    const language = toyLanguage({ seed: 5, vocabSize: 3, sampling: { temperature: 0 }, drafter: 'deterministic' })
    for (const drafted of allTexts(3, 3)) {
      const [outcome, ...others] = windowOutcomes({ rule, language }, drafted).filter(
        ({ probability }) => probability > 0,
      )
      expect(others).toEqual([])
      const accepted = outcome?.accepted ?? -1
      const emitted = [...drafted.slice(0, accepted), outcome?.next ?? -1]
      for (const [index, id] of emitted.entries()) {
        expect(language.target(emitted.slice(0, index)).probabilityOf(id)).toBe(1)
      }
      expect(drafted[accepted]).not.toBe(outcome?.next)
    }
  })
})

describe('the enumeration', () => {
  it('sees every draft window once', () => {
    const language = toyLanguage({ seed: 1, vocabSize: VOCAB, sampling: warm, drafter: (logits) => warp(logits, warm) })
    const total = draftWindows(language, 3).reduce((sum, { probability }) => sum + probability, 0)
    expect(total).toBeCloseTo(1, 12)
  })
})
