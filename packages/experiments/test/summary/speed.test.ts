import { describe, expect, it } from 'vitest'
import { type Manifest, summarySchema } from '../../src/store/schema.ts'
import { summarise } from '../../src/summary/summarise.ts'
import { cells, decodings, manifest, speedOf } from './three-arms.ts'

describe('the speed of an arm', () => {
  it('divides mean times per token', () => {
    expect(speedOf('strict', 'far')?.speedupOverAutoregressive?.estimate).toBeCloseTo((60 * 140) / (40 * 144))
    expect(speedOf('loose', 'far')?.speedupOverBaseline?.estimate).toBeCloseTo(2)
    expect(speedOf('strict', 'far')?.speedupOverBaseline).toBeNull()
    expect(speedOf('plain', 'far')?.speedupOverAutoregressive).toBeNull()
    expect(speedOf('plain', 'far')).toMatchObject({
      roundsPerToken: 1,
      forwardBytesPerToken: 10,
      verdictBytesPerToken: 2,
    })
  })

  it("predicts by the paper's equations from the acceptance by place", () => {
    const tokens = 1 + 0.4 + 0.4 * 0.05 + 0.4 * 0.05 * 0.02 + 0.4 * 0.05 * 0.02 * 0.01
    expect(speedOf('strict', 'far')?.predicted?.paper).toBeCloseTo((tokens * 100) / (tokens * 40 + 60), 9)
    expect(speedOf('strict', 'far')?.predicted?.general).toBeGreaterThan(1)
  })

  it('predicts nothing where one node computes in no time, and the summary stands', () => {
    const compute = { kind: 'declared', baseMs: 0, perRowMs: 0, draftStepMs: 0 } as const
    const idle: Manifest = {
      ...manifest,
      conditions: manifest.conditions.map((condition) => ({ ...condition, nodes: 1, compute })),
    }
    const summary = summarise({ manifest: idle, decodings, cells, marginPoints: 5 })
    expect(summarySchema.parse(JSON.parse(JSON.stringify(summary)))).toEqual(summary)
    expect(summary.speed.every(({ predicted }) => predicted === null)).toBe(true)
  })

  it('predicts nothing where windows are as long as what a drafter finds', () => {
    const lookup: Manifest = {
      ...manifest,
      models: { ...manifest.models, drafter: 'prompt-lookup(ngram 3, minNgram 1)' },
    }
    const open = summarise({ manifest: lookup, decodings, cells, marginPoints: 5 })
    expect(open.speed.every(({ predicted }) => predicted === null)).toBe(true)
    expect(open.diagnoses.map(({ code }) => code)).not.toContain('window-too-long')
    expect(open.diagnoses.find(({ code }) => code === 'weak-draft')?.message).toMatch(
      /^prompt-lookup\(ngram 3, minNgram 1\) is weak/,
    )
  })
})
