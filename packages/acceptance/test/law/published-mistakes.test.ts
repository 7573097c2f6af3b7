import {
  type AcceptanceRule,
  alongWindow,
  type Distribution,
  type JudgedRow,
  judgeRun,
  overlap,
  quantise,
  type RowRule,
  residual,
  type Sampling,
  sampleToken,
  sequenceNoise,
  targetToken,
  warp,
} from '@dsd-lab/core'
import { describe, expect, it } from 'vitest'
import { coupled, resolveRule, strict, typical } from '../../src/index.ts'
import { addContinuations, draftWindows, type Enumeration, jointLaw, windowOutcomes, worstError } from './enumerate.ts'
import { toyLanguage } from './toy-language.ts'

// Each test builds a mistake that was published somewhere and shows that the check of the right rule turns red on it.

const VOCAB = 4
const warm: Sampling = { temperature: 0.6 }
const language = toyLanguage({ seed: 31, vocabSize: VOCAB, sampling: warm, drafter: (logits) => warp(logits, warm) })
const context = { vocabSize: VOCAB, temperature: warm.temperature }
const right = resolveRule(strict(), context)

const mistaken = (judge: AcceptanceRule['judge']): AcceptanceRule => ({ ...right, judge })
const isLossless = (enumeration: Enumeration): boolean =>
  worstError(jointLaw(enumeration), enumeration.language, enumeration.gamma + 1) < 1e-12

/** Rejection sampling with one part replaced. */
function rejection({
  target = (row) => row.target,
  replace = (p, q) => residual(p, q),
}: {
  target?: (row: JudgedRow) => Distribution
  replace?: (p: Distribution, q: Distribution) => Distribution
}): RowRule {
  return (row) => {
    const p = target(row)
    const q = row.draft ?? p
    if (row.noise.acceptUniform() * q.probabilityOf(row.drafted) < p.probabilityOf(row.drafted)) return { kept: true }
    return { kept: false, token: sampleToken(replace(p, q), row.noise.residual) }
  }
}

describe('the exact law tells strict from', () => {
  it('its own building blocks put together rightly (it does not: the control)', () => {
    const rule = mistaken((rows) => alongWindow(rows, rejection({})))
    expect([isLossless({ rule: right, language, gamma: 2 }), isLossless({ rule, language, gamma: 2 })]).toEqual([
      true,
      true,
    ])
  })

  it('target probabilities before warping against a draft law after it', () => {
    const rule = mistaken((rows) => alongWindow(rows, rejection({ target: (row) => row.untempered })))
    expect(isLossless({ rule, language, gamma: 1 })).toBe(false)
  })

  it('a correction drawn from p instead of the residual', () => {
    const rule = mistaken((rows) => alongWindow(rows, rejection({ replace: (p) => p })))
    expect(isLossless({ rule, language, gamma: 1 })).toBe(false)
  })

  it('a bonus token from the row of the last draft', () => {
    const rule = mistaken((rows) => alongWindow(rows, rejection({}), (row) => targetToken(rows.at(-2) ?? row)))
    expect(isLossless({ rule, language, gamma: 2 })).toBe(false)
  })

  it('a correction drawn with the row after the rejected one', () => {
    const rule = mistaken((rows) => {
      const verdict = right.judge(rows)
      const next = rows[verdict.accepted + 1]
      return next === undefined ? verdict : { ...verdict, next: targetToken(next) }
    })
    expect(isLossless({ rule, language, gamma: 2 })).toBe(false)
  })

  it('a draft sampled from the full law while the quantised one is told', () => {
    const full = language
    const told = {
      ...language,
      draft: (prefix: readonly number[]) => quantise(language.draft(prefix) ?? language.target(prefix), 2),
    }
    const lawOf = (drawnFrom: typeof told): Map<string, number> => {
      const law = new Map<string, number>()
      for (const { drafted, probability } of draftWindows(drawnFrom, 1)) {
        // A token that the told law lacks can only be judged under some law: the one it came from.
        const possible = (told.draft([]).probabilityOf(drafted[0] ?? 0) ?? 0) > 0
        for (const outcome of windowOutcomes({ rule: right, language: possible ? told : full }, drafted)) {
          const emitted = [...drafted.slice(0, outcome.accepted), outcome.next]
          const share = { emitted, probability: probability * outcome.probability }
          addContinuations(law, { language, length: 2 }, share)
        }
      }
      return law
    }
    const drawnFromTold = lawOf(told)
    const drawnFromFull = lawOf({ ...full, draft: (prefix) => language.draft(prefix) ?? language.target(prefix) })
    expect(worstError(drawnFromTold, language, 2)).toBeLessThan(1e-12)
    expect(worstError(drawnFromFull, language, 2)).toBeGreaterThan(0.01)
  })

  it('a window cut before a doubtful token: a doubtful token must be sent, then drafting stops', () => {
    const doubtful = (drafted: readonly number[]): boolean => {
      const law = language.draft(drafted.slice(0, -1))
      return (law?.probabilityOf(drafted.at(-1) ?? 0) ?? 1) < 0.3
    }
    const lawOf = (cut: (drafted: readonly number[]) => readonly number[]): Map<string, number> => {
      const law = new Map<string, number>()
      for (const { drafted, probability } of draftWindows(language, 2)) {
        const sent = cut(drafted)
        for (const outcome of windowOutcomes({ rule: right, language }, sent)) {
          const emitted = [...sent.slice(0, outcome.accepted), outcome.next]
          addContinuations(law, { language, length: 3 }, { emitted, probability: probability * outcome.probability })
        }
      }
      return law
    }
    const stops = (drafted: readonly number[]): number =>
      drafted.findIndex((_, index) => doubtful(drafted.slice(0, index + 1)))
    const included = lawOf((drafted) => (stops(drafted) < 0 ? drafted : drafted.slice(0, stops(drafted) + 1)))
    const dropped = lawOf((drafted) => (stops(drafted) < 0 ? drafted : drafted.slice(0, stops(drafted))))
    expect(worstError(included, language, 3)).toBeLessThan(1e-12)
    expect(worstError(dropped, language, 3)).toBeGreaterThan(0.01)
  })
})

describe('committed tokens per round tell strict from', () => {
  const gamma = 2

  /** Exact mean of accepted + 1 over drafts and noise. */
  const meanCommitted = (rule: AcceptanceRule): number => {
    let mean = 0
    for (const { drafted, probability } of draftWindows(language, gamma)) {
      for (const outcome of windowOutcomes({ rule, language }, drafted)) {
        mean += probability * outcome.probability * (outcome.accepted + 1)
      }
    }
    return mean
  }

  /** 1 + P(first kept) + P(both kept), a draft being kept with probability sum min(p, q). */
  const expected = (): number => {
    const agreement = (prefix: readonly number[]): number =>
      overlap(language.target(prefix), language.draft(prefix) ?? language.target(prefix))
    const keptAs = (id: number): number =>
      Math.min(language.target([]).probabilityOf(id), language.draft([])?.probabilityOf(id) ?? 0)
    return 1 + agreement([]) + [0, 1, 2, 3].reduce((sum, id) => sum + keptAs(id) * agreement([id]), 0)
  }

  it('a verdict that drops the correction once a draft was kept', () => {
    const dropping = mistaken((rows) => {
      const { accepted, next, annotations } = right.judge(rows)
      const last = rows[accepted - 1]?.drafted
      const rejected = accepted < rows.length - 1
      if (!rejected || last === undefined) return { accepted, next, annotations }
      return { accepted: accepted - 1, next: last, annotations: annotations.slice(0, accepted) }
    })
    const isFull = (rule: AcceptanceRule): boolean => Math.abs(meanCommitted(rule) - expected()) < 1e-12
    expect([isFull(right), isFull(dropping)]).toEqual([true, false])
  })
})

describe('keys by absolute position tell coupled from', () => {
  it('noise keyed by the index in the window, under which the text depends on how it was cut', () => {
    const rule = resolveRule(coupled(), context)
    const decode = (gamma: number, keyed: 'position' | 'index'): number[] => {
      const noise = sequenceNoise({ seed: 4, sequence: 0 })
      const text: number[] = []
      while (text.length < 24) {
        const firstPosition = text.length
        const drafted = Array.from({ length: gamma }, (_, index) => (firstPosition + index) % VOCAB)
        const rows = [...drafted, 0].map((_, index) =>
          language.targetLogits([...text, ...drafted.slice(0, index)].slice(-1)),
        )
        const logits = Float32Array.from(rows.flatMap((row) => [...row]))
        const { accepted, next } = judgeRun({
          rule,
          sampling: warm,
          logits,
          vocabSize: VOCAB,
          firstPosition,
          drafted,
          noise: keyed === 'position' ? noise : { at: (position) => noise.at(position - firstPosition) },
        })
        text.push(...drafted.slice(0, accepted), next)
      }
      return text.slice(0, 24)
    }
    const cutsAgree = (keyed: 'position' | 'index'): boolean =>
      [1, 2, 4].every((gamma) => decode(gamma, keyed).join() === decode(0, keyed).join())
    expect([cutsAgree('position'), cutsAgree('index')]).toEqual([true, false])
  })
})

describe('the defaults of typical', () => {
  it('are eps 0.09 and delta 0.3, not the other way round', () => {
    // exp(-H) = 0.22, so the floor is 0.066 as published and 0.020 when swapped; p(x) = 0.05 tells.
    const logits = Float32Array.from([0.05, 0.25, 0.25, 0.25, 0.2], Math.log)
    const accepts = (spec: ReturnType<typeof typical>): boolean => {
      const rule = resolveRule(spec, { vocabSize: 5, temperature: 1 })
      const two = Float32Array.from([...logits, ...logits])
      const noise = sequenceNoise({ seed: 1, sequence: 0 })
      const request = { rule, sampling: { temperature: 1 }, logits: two, vocabSize: 5, firstPosition: 0, noise }
      return judgeRun({ ...request, drafted: [0] }).accepted === 1
    }
    expect([typical().eps, typical().delta]).toEqual([0.09, 0.3])
    expect([accepts(typical()), accepts(typical({ eps: 0.3, delta: 0.09 }))]).toEqual([false, true])
  })
})
