import { describe, expect, it } from 'vitest'
import { classifyVocabulary, dsdAdaptive, forced, lenience, randomRelaxation, typical } from '../../src/index.ts'
import { judging } from './judging.ts'

const last = [0.4, 0.3, 0.3]
const nearTie = [0.42, 0.38, 0.2]
const clear = [0.8, 0.15, 0.05]
const tie = [0.2, 0.4, 0.4]
const kept = (how: Omit<Parameters<typeof judging>[0], 'rows'> & { readonly row: readonly number[] }): boolean =>
  judging({ ...how, rows: [how.row, last] }).accepted === 1

describe('lenience at temperature 0', () => {
  it('keeps a draft with at least l times the best probability', () => {
    expect(kept({ spec: lenience({ l: 0.9 }), row: nearTie, drafted: [1] })).toBe(true)
    expect(kept({ spec: lenience({ l: 0.95 }), row: nearTie, drafted: [1] })).toBe(false)
    expect(kept({ spec: lenience({ l: 0.9 }), row: clear, drafted: [1] })).toBe(false)
  })

  it('is strict at l = 1, ties included', () => {
    expect(judging({ spec: lenience({ l: 1 }), rows: [tie, last], drafted: [2] })).toMatchObject({
      accepted: 0,
      next: 1,
    })
    expect(kept({ spec: lenience({ l: 0.999 }), row: tie, drafted: [2] })).toBe(true)
  })

  it('marks what strict decoding would not have kept', () => {
    const { annotations } = judging({ spec: lenience({ l: 0.5 }), rows: [clear, nearTie, last], drafted: [0, 1] })
    expect(annotations.map(({ origin }) => origin)).toEqual(['draft', 'relaxed', 'bonus'])
  })
})

describe('typical at temperature 0', () => {
  it('is greedy: the warped law leaves one token', () => {
    expect(kept({ spec: typical(), row: nearTie, drafted: [1] })).toBe(false)
    expect(kept({ spec: typical(), row: nearTie, drafted: [0] })).toBe(true)
  })
})

describe('dsd-adaptive at temperature 0', () => {
  it('keeps a mismatch within -ln(1 - tau) nats of the best token', () => {
    // ln(0.42 / 0.38) = 0.100 = -ln(1 - 0.0952)
    expect(kept({ spec: dsdAdaptive({ tau: 0.1 }), row: nearTie, drafted: [1] })).toBe(true)
    expect(kept({ spec: dsdAdaptive({ tau: 0.09 }), row: nearTie, drafted: [1] })).toBe(false)
  })

  it('is strict at tau = 0, ties included', () => {
    expect(judging({ spec: dsdAdaptive({ tau: 0 }), rows: [tie, last], drafted: [2] })).toMatchObject({
      accepted: 0,
      next: 1,
    })
    expect(kept({ spec: dsdAdaptive({ tau: 0.01 }), row: tie, drafted: [2] })).toBe(true)
  })

  it('is strict where the token is of a key class, for the target or the draft', () => {
    const spec = dsdAdaptive({ tau: 0.5 })
    for (const pieces of [
      [' 7', ' the', ' of'],
      [' the', '8', ' of'],
    ]) {
      const tokenClasses = classifyVocabulary(pieces)
      const { accepted, annotations } = judging({
        spec,
        rows: [nearTie, last],
        drafted: [1],
        tokenClasses,
        annotate: true,
      })
      expect(accepted).toBe(0)
      expect(annotations[0]).toMatchObject({ origin: 'correction', importance: 1, reasons: ['number'] })
    }
    const plain = classifyVocabulary([' the', ' a', ' 9'])
    expect(kept({ spec, row: nearTie, drafted: [1], tokenClasses: plain })).toBe(true)
  })

  it('is strict where contrast, gap or agreement say so, one at a time', () => {
    const off = { tau: 1, l1: 100, l2: 1, l3: 0, classes: [] }
    const row = { row: clear, drafted: [1] }
    expect(kept({ spec: dsdAdaptive(off), ...row })).toBe(true)
    // -ln 0.15 = 1.897 nats; the gap is 0.65; the agreement with a draft of which only the id is known is 0.15.
    expect([1.8, 2].map((l1) => kept({ spec: dsdAdaptive({ ...off, l1 }), ...row }))).toEqual([false, true])
    expect([0.6, 0.7].map((l2) => kept({ spec: dsdAdaptive({ ...off, l2 }), ...row }))).toEqual([false, true])
    expect([0.2, 0.1].map((l3) => kept({ spec: dsdAdaptive({ ...off, l3 }), ...row }))).toEqual([false, true])
  })

  it('takes the logistic score instead when asked', () => {
    const scored = (threshold: number) => dsdAdaptive({ tau: 1, scorer: { kind: 'logistic', threshold } })
    expect(kept({ spec: scored(0), row: nearTie, drafted: [1] })).toBe(false)
    expect(kept({ spec: scored(1), row: clear, drafted: [2] })).toBe(true)
  })
})

describe('random-relaxation at temperature 0', () => {
  it('keeps the given share of mismatches, the same ones each time', () => {
    const spec = randomRelaxation({ rate: 0.3 })
    const runs = Array.from({ length: 4000 }, (_, seed) => kept({ spec, row: clear, drafted: [2], seed }))
    const share = runs.filter(Boolean).length / runs.length
    expect(Math.abs(share - 0.3)).toBeLessThan(5 * Math.sqrt((0.3 * 0.7) / runs.length))
    expect(kept({ spec, row: clear, drafted: [2], seed: 17 })).toBe(runs[17])
    expect(kept({ spec: randomRelaxation({ rate: 0 }), row: tie, drafted: [2] })).toBe(false)
  })
})

describe('forced', () => {
  it('accepts by index in the window, the last entry going on, and corrects with the argmax', () => {
    const rows = [clear, clear, clear, last]
    expect(judging({ spec: forced({ profile: [1, 0] }), rows, drafted: [2, 2, 2] })).toMatchObject({
      accepted: 1,
      next: 0,
    })
    expect(judging({ spec: forced({ profile: [0, 1] }), rows, drafted: [2, 2, 2] })).toMatchObject({
      accepted: 0,
      next: 0,
    })
    expect(judging({ spec: forced({ profile: 1 }), rows, drafted: [2, 2, 2] })).toMatchObject({ accepted: 3, next: 0 })
  })

  it('meets its profile on average', () => {
    const profile = [0.8, 0.5]
    const rows = [clear, clear, last]
    const lengths = Array.from(
      { length: 4000 },
      (_, seed) => judging({ spec: forced({ profile }), rows, drafted: [1, 1], seed }).accepted,
    )
    const mean = lengths.reduce((sum, length) => sum + length, 0) / lengths.length
    // 0.8 + 0.8 * 0.5; the standard deviation of a length in 0..2 is at most 1.
    expect(Math.abs(mean - 1.2)).toBeLessThan(5 / Math.sqrt(lengths.length))
  })
})
