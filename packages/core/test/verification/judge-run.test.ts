import { describe, expect, it } from 'vitest'
import { logitEntropyNats } from '../../src/distribution/entropy.ts'
import { pointMass } from '../../src/distribution/sparse.ts'
import { DsdError } from '../../src/errors.ts'
import { sequenceNoise } from '../../src/random/noise.ts'
import { alongWindow, targetToken } from '../../src/verification/along-window.ts'
import { type JudgeRequest, judgeRun } from '../../src/verification/judge-run.ts'
import type { AcceptanceRule, JudgedRow, RunVerdict } from '../../src/verification/rule.ts'

const ruleOf = (judge: (rows: readonly JudgedRow[]) => RunVerdict): AcceptanceRule => ({
  spec: { name: 'under-test' },
  lossless: true,
  needs: 'ids',
  drafting: 'coupled',
  judge,
})
const match = ruleOf((rows) =>
  alongWindow(rows, (row) => {
    const token = targetToken(row)
    return row.drafted === token ? { kept: true } : { kept: false, token }
  }),
)

// The target wants 1, 2, 0 in turn.
const logits = Float32Array.of(0, 4, 1, /**/ 0, 1, 3, /**/ 5, 1, 0)
const request: JudgeRequest = {
  rule: match,
  sampling: { temperature: 0 },
  logits,
  vocabSize: 3,
  firstPosition: 20,
  drafted: [1, 2],
  noise: sequenceNoise({ seed: 1, sequence: 0 }),
}

describe('judgeRun', () => {
  it.each([
    { drafted: [1, 2], accepted: 2, next: 0, origins: ['draft', 'draft', 'bonus'] },
    { drafted: [1, 0], accepted: 1, next: 2, origins: ['draft', 'correction'] },
    { drafted: [2, 2], accepted: 0, next: 1, origins: ['correction'] },
    { drafted: [], accepted: 0, next: 1, origins: ['target'] },
  ])('keeps the longest prefix of $drafted and adds exactly one token', ({ drafted, accepted, next, origins }) => {
    const verdict = judgeRun({ ...request, drafted, logits: logits.subarray(0, 3 * (drafted.length + 1)) })
    expect(verdict).toEqual({ accepted, next, annotations: origins.map((origin) => ({ origin })) })
  })

  it('shows a rule the text that each row continues, and the rows ahead of it', () => {
    const seen: unknown[] = []
    const look = ruleOf((rows) =>
      alongWindow(rows, (row, _, ahead) => {
        seen.push([row.preceding, ahead.map(({ drafted }) => drafted)])
        return { kept: true }
      }),
    )
    judgeRun({ ...request, rule: look, firstPosition: 3, text: [7, 8, 9] })
    expect(seen).toEqual([
      [
        [7, 8, 9],
        [2, undefined],
      ],
      [[7, 8, 9, 1], [undefined]],
    ])
  })

  it('shows a rule absolute positions, the warped law and the untempered one', () => {
    const seen: unknown[] = []
    const look = ruleOf((rows) => {
      for (const row of rows) seen.push([row.position, row.target.ids.length, row.untempered.ids.length, row.drafted])
      return match.judge(rows)
    })
    judgeRun({ ...request, rule: look, sampling: { temperature: 0.7, topK: 2 } })
    expect(seen).toEqual([
      [20, 2, 3, 1],
      [21, 2, 3, 2],
      [22, 2, 3, undefined],
    ])
  })

  it('adds entropy and margin to every judged token when asked, and to no other', () => {
    const { annotations } = judgeRun({ ...request, drafted: [1, 0], annotate: true })
    expect(annotations).toEqual([
      { origin: 'draft', marginNats: 3, entropyNats: logitEntropyNats(logits.subarray(0, 3)) },
      { origin: 'correction', marginNats: 2, entropyNats: logitEntropyNats(logits.subarray(3, 6)) },
    ])
  })

  it('does not read rows after a rejection', () => {
    const poisoned = logits.with(7, Number.NaN)
    expect(judgeRun({ ...request, drafted: [1, 0], logits: poisoned }).next).toBe(2)
    const failure = lineOf({ logits: poisoned })
    expect(failure).toMatch(/^position 22: the logit of token 1 is NaN/)
  })

  it.each<[string, Partial<JudgeRequest>, RegExp]>([
    ['rows missing', { logits: logits.subarray(0, 6) }, /6 logits for 3 rows of 3 tokens/],
    ['a draft outside', { drafted: [1, 3] }, /drafted token 3 is not in a vocabulary of 3/],
    ['laws missing', { drafts: [pointMass(1, 3)] }, /1 draft laws for 2 drafted tokens/],
    ['another vocabulary', { drafts: [pointMass(1, 3), pointMass(2, 4)] }, /law of draft 1 is over 4 tokens/],
    ['an impossible draft', { drafts: [pointMass(1, 3), pointMass(1, 3)] }, /token 2 has no probability/],
  ])('refuses a malformed window: %s', (_, change, message) => {
    expect(lineOf(change)).toMatch(message)
  })

  it.each<[RunVerdict, RegExp]>([
    [{ accepted: 3, next: 0, annotations: [] }, /^rule under-test: accepted 3 of 2 drafted tokens/],
    [{ accepted: 0.5, next: 0, annotations: [] }, /accepted 0.5 of 2/],
    [{ accepted: 0, next: 3, annotations: [{ origin: 'target' }] }, /answered token 3, not one of 3/],
    [{ accepted: 1, next: 0, annotations: [{ origin: 'target' }] }, /gave 1 annotations for 2 tokens/],
  ])('refuses a rule that answers nonsense: %j', (verdict, message) => {
    expect(lineOf({ rule: ruleOf(() => verdict) })).toMatch(message)
  })

  it('says when a rule is run on rows without a bonus row', () => {
    const headless = ruleOf((rows) => alongWindow(rows.slice(0, -1), () => ({ kept: true })))
    expect(lineOf({ rule: headless })).toMatch(/end without a bonus row/)
  })
})

function lineOf(change: Partial<JudgeRequest>): string {
  try {
    judgeRun({ ...request, ...change })
  } catch (error) {
    if (error instanceof DsdError) return error.line
  }
  throw new Error('expected a DsdError')
}
