import { quantise, type RuleSpec, softmax } from '@dsd-lab/core'
import { describe, expect, it } from 'vitest'
import {
  acceptEverything,
  deferredWindow,
  divergence,
  klJudge,
  margin,
  marginNats,
  oracle,
  relaxedTopN,
  topKGap,
  uncertainty,
} from '../../src/index.ts'
import { judging } from './judging.ts'

// All at temperature 0: the rows are laws at temperature 1.
const last = [0.25, 0.25, 0.25, 0.25]
const law = (row: readonly number[]) => quantise(softmax(Float32Array.from(row, Math.log)))
const kept = (spec: RuleSpec, row: readonly number[], more: Partial<Parameters<typeof judging>[0]> = {}): boolean[] =>
  row.map((_, x) => judging({ spec, rows: [row, row], drafted: [x], ...more }).accepted === 1)

describe('top-k-gap', () => {
  const row = [0.5, 0.3, 0.15, 0.05]
  it.each([
    [topKGap(), [true, true, true, true]],
    [topKGap({ beta: 2 }), [true, true, false, false]],
    [topKGap({ gap: 1.3 }), [true, true, true, false]],
    [topKGap({ gap: 0.5 }), [true, false, false, false]],
    [topKGap({ beta: 1, gap: 0 }), [true, false, false, false]],
  ])('%j keeps by rank and by gap', (spec, expected) => expect(kept(spec, row)).toEqual(expected))

  it('breaks ties of rank by the lower id', () => {
    expect(kept(topKGap({ beta: 2 }), [0.4, 0.2, 0.2, 0.2])).toEqual([true, true, false, false])
  })
})

describe('relaxed-top-n', () => {
  const row = [0.7, 0.2, 0.08, 0.02]
  it.each([
    [relaxedTopN(), [true, true, false, false]],
    [relaxedTopN({ delta: 0.65 }), [true, true, true, false]],
    [relaxedTopN({ n: 2, delta: 1 }), [true, true, false, false]],
    [relaxedTopN({ delta: 0.4 }), [true, false, false, false]],
  ])('%j keeps by rank and by difference', (spec, expected) => expect(kept(spec, row)).toEqual(expected))

  it.each([
    ['before it opens', [1, 2], false],
    ['after it opens', [1, 50, 2], true],
    ['after it closes', [1, 50, 2, 51, 3], false],
    ['after it opens again', [50, 51, 50, 2], true],
  ])('with a phase relaxes inside it only: %s', (_, text, inside) => {
    const spec = relaxedTopN({ phase: { begin: [50], end: [51] } })
    expect(kept(spec, row, { text })).toEqual([true, inside, false, false])
  })

  it('sees a phase that a draft of the same window closes', () => {
    const spec = relaxedTopN({ phase: { begin: [3], end: [0] } })
    const verdict = judging({ spec, rows: [row, row, last], drafted: [0, 1], text: [3] })
    expect(verdict).toMatchObject({ accepted: 1, next: 0 })
  })
})

describe('margin and margin-nats', () => {
  const logits = [10, 9.2, 8, 1]
  const at = (spec: RuleSpec, shift: number) => kept(spec, logits, { logits: logits.map((z) => z + shift) })

  it('keep a runner-up by ratio, or by nats', () => {
    expect(at(margin(), 0)).toEqual([true, true, false, false])
    expect(at(margin({ theta: 0.95 }), 0)).toEqual([true, false, false, false])
    expect(at(marginNats(), 0)).toEqual([true, false, false, false])
    expect(at(marginNats({ nats: 0.9 }), 0)).toEqual([true, true, false, false])
    // Never a third token, however close.
    expect(kept(marginNats({ nats: 5 }), [0.4, 0.3, 0.3])).toEqual([true, true, false])
  })

  it('leave a tie to the target at nats 0', () => {
    expect(kept(marginNats({ nats: 0 }), [0.4, 0.4, 0.2])).toEqual([true, false, false])
  })

  it('margin marks the positions where its ratio says nothing', () => {
    const marks = [0, -20].map((shift) => {
      const rows = [logits, last]
      return judging({ spec: margin(), rows, logits: logits.map((z) => z + shift), drafted: [0], annotate: true })
        .annotations[0]
    })
    expect(marks.map((mark) => mark?.reasons)).toEqual([[], ['negative-logits']])
  })
})

describe('deferred-window', () => {
  const unsure = [0.5, 0.4, 0.05, 0.05]
  const sure = [0.97, 0.01, 0.01, 0.01]
  const spec = deferredWindow({ w: 3 })
  const accepted = (rows: readonly (readonly number[])[], drafted: readonly number[], how: RuleSpec = spec): number =>
    judging({ spec: how, rows: [...rows, last], drafted }).accepted

  it('keeps a mismatch of an unsure target that goes on agreeing', () => {
    expect(accepted([unsure, sure, sure, sure], [1, 0, 0, 0])).toBe(4)
  })

  it('rejects it when one of the next two does not match', () => {
    expect(accepted([unsure, sure, sure, sure], [1, 1, 0, 0])).toBe(0)
    expect(accepted([unsure, sure, unsure, sure], [1, 0, 1, 0])).toBe(0)
    expect(accepted([unsure, sure, sure, unsure], [1, 0, 0, 1])).toBe(3)
  })

  it('rejects it where the target is sure', () => {
    // H3 of sure is 0.12 nats, of unsure 0.87.
    expect(accepted([sure, sure, sure], [1, 0, 0])).toBe(0)
    expect(accepted([unsure, sure, sure], [1, 0, 0], deferredWindow({ w: 3, h: 0.9 }))).toBe(0)
  })

  it('marks what it kept as relaxed', () => {
    const { annotations } = judging({ spec, rows: [sure, unsure, sure, sure, last], drafted: [0, 1, 0, 0] })
    expect(annotations.map(({ origin }) => origin)).toEqual(['draft', 'relaxed', 'draft', 'draft', 'bonus'])
  })
})

describe('divergence and kl-judge at temperature 0', () => {
  const row = [0.45, 0.35, 0.15, 0.05]
  const near = [0.35, 0.45, 0.15, 0.05]
  const far = [0.02, 0.9, 0.04, 0.04]
  const keeps = (spec: RuleSpec, draft: readonly number[], target: readonly number[] = row): boolean =>
    judging({ spec, rows: [target, last], drafted: [1], drafts: [law(draft)] }).accepted === 1

  it('compare both laws at temperature 1', () => {
    // JS 0.0063, KL(q || p) 0.025, TV 0.1 near; 0.22, 0.65, 0.55 far.
    for (const [variant, between] of [
      ['js', 0.1],
      ['kl', 0.3],
      ['tv', 0.3],
    ] as const) {
      const spec = divergence({ variant, threshold: between })
      expect([keeps(spec, near), keeps(spec, far)]).toEqual([true, false])
      const rest = [0, 10].map((threshold) => keeps(divergence({ variant, threshold }), near))
      expect(rest).toEqual([false, true])
    }
  })

  it('kl-judge is strict where the target is sure', () => {
    const sure = [0.95, 0.03, 0.01, 0.01]
    expect(keeps(klJudge({ threshold: 0.3 }), near)).toBe(true)
    expect(keeps(klJudge({ threshold: 0.3 }), far)).toBe(false)
    expect([0.9, 1].map((mask) => keeps(klJudge({ threshold: 10, mask }), near, sure))).toEqual([false, true])
  })

  it('take a drafter without a law as sure of its token', () => {
    const silent = (spec: RuleSpec): boolean => judging({ spec, rows: [row, last], drafted: [1] }).accepted === 1
    // KL of a point mass is -ln 0.35 = 1.05 nats.
    expect([1, 1.1].map((threshold) => silent(klJudge({ threshold })))).toEqual([false, true])
  })
})

describe('uncertainty at temperature 0', () => {
  it('lets a token pass that falls short by at most a (1 - max p)', () => {
    // 1 - 0.35 / 0.45 = 0.22 of the best token is missing; the slack at a is 0.55 a.
    const row = [0.45, 0.35, 0.15, 0.05]
    const keeps = (a: number): boolean => kept(uncertainty({ a }), row)[1] ?? false
    expect([0, 0.4, 0.41].map(keeps)).toEqual([false, false, true])
    expect(kept(uncertainty({ a: 0 }), [0.4, 0.4, 0.2])).toEqual([true, false, false])
  })
})

describe('accept-everything', () => {
  it('keeps every draft, and adds a token of the target', () => {
    const verdict = judging({
      spec: acceptEverything(),
      rows: [
        [0.9, 0.1],
        [0.9, 0.1],
        [0.1, 0.9],
      ],
      drafted: [1, 0],
    })
    expect(verdict).toMatchObject({ accepted: 2, next: 1 })
    expect(verdict.annotations.map(({ origin }) => origin)).toEqual(['relaxed', 'draft', 'bonus'])
  })
})

describe('oracle', () => {
  const row = [0.6, 0.4]
  // Rows begin at position 10.
  const spec = oracle({ labels: { '4': { important: [12], unimportant: [10, 11] } } })
  const accepted = (sequence: number | undefined): number =>
    judging({ spec, rows: [row, row, row, row], drafted: [1, 1, 1], ...(sequence !== undefined && { sequence }) })
      .accepted

  it('keeps the mismatches that were measured not to matter, and no others', () => {
    expect(accepted(4)).toBe(2)
  })

  it('is strict where there is no label', () => {
    expect(accepted(3)).toBe(0)
    expect(accepted(undefined)).toBe(0)
  })

  it('says which positions were measured to matter', () => {
    const { annotations } = judging({
      spec,
      rows: [row, row, row, row],
      drafted: [1, 1, 1],
      sequence: 4,
      annotate: true,
    })
    expect(annotations.map(({ importance }) => importance)).toEqual([0, 0, 1])
  })
})
