import { describe, expect, it } from 'vitest'
import { resultText } from '../../src/cli/result-text.ts'
import { summarySchema } from '../../src/store/schema.ts'
import { adjustOverArms } from '../../src/summary/adjust-over-arms.ts'
import { summarise } from '../../src/summary/summarise.ts'
import { cells, decodings, manifest, qualityOf, summary } from './three-arms.ts'

describe('the quality of an arm', () => {
  it('counts tokens per round, acceptance and relaxation', () => {
    expect(qualityOf('strict')?.tokensPerRound).toEqual({ estimate: 1.5, low: 1.5, high: 1.5 })
    expect(qualityOf('loose')?.acceptance.estimate).toBe(0.5)
    expect(qualityOf('loose')?.relaxedRate).toBeCloseTo(10 / 60)
    expect(qualityOf('loose')?.relaxedOfMismatches).toBe(0.5)
    expect(qualityOf('plain')?.acceptance).toEqual({ estimate: 0, low: 0, high: 0 })
  })

  it('pairs accuracy with the baseline by prompt', () => {
    expect(qualityOf('strict')?.versusBaseline).toBeNull()
    expect(qualityOf('plain')?.versusBaseline).toMatchObject({
      differencePoints: { estimate: 0 },
      mcnemarP: 1,
      nonInferior: false,
    })
    const loose = qualityOf('loose')?.versusBaseline
    expect(loose?.differencePoints.estimate).toBeCloseTo(-60)
    // Twelve prompts lost, none gained: 2 * 2^-12.
    expect(loose?.mcnemarP).toBeCloseTo(2 ** -11, 12)
    expect(loose?.nonInferiorityP).toBeGreaterThan(0.999)
    // The only relaxed variant is a family of its own; lossless ones are asked nothing.
    expect(loose?.holm).toEqual({ mcnemarP: loose?.mcnemarP, nonInferiorityP: loose?.nonInferiorityP })
    expect(qualityOf('plain')?.versusBaseline?.holm).toBeUndefined()
  })

  it('adjusts over the variants of a task that relax by judgement, not over controls and rules that look at no token', () => {
    const [loose] = manifest.variants.filter(({ id }) => id === 'loose')
    const quality = qualityOf('loose')
    if (loose === undefined || quality === undefined || quality.versusBaseline === null) throw new Error('no such arm')
    const { holm: _, ...versusBaseline } = quality.versusBaseline
    const ids = ['loose', 'looser', 'chance', 'everything']
    const adjusted = adjustOverArms(
      ids.map((id) => ({
        ...loose,
        id,
        ...(id === 'chance' ? { controls: 'loose' } : {}),
        ...(id === 'everything' ? { accept: { name: 'accept-everything' } } : {}),
      })),
      ids.map((variant) => ({ ...quality, variant, versusBaseline })),
    )
    const [first, second, control, everything] = adjusted.map((one) => one.versusBaseline?.holm?.mcnemarP)
    expect([first, second]).toEqual([expect.closeTo(2 ** -10, 12), expect.closeTo(2 ** -10, 12)])
    expect([control, everything]).toEqual([undefined, undefined])
  })

  it('of a task without right answers has no accuracy, and none is compared', () => {
    const ungraded = decodings.map((decoding) => ({
      ...decoding,
      items: decoding.items.map((one) => ({ ...one, correct: null })),
    }))
    const open = summarise({ manifest, decodings: ungraded, cells, marginPoints: 5 })
    expect(summarySchema.parse(open)).toEqual(open)
    expect(open.quality.map(({ accuracy, versusBaseline }) => [accuracy, versusBaseline])).toEqual([
      [null, null],
      [null, null],
      [null, null],
    ])
    expect(open.noiseFloor.accuracyPoints).toBeNull()
    expect(open.speed).toEqual(summary.speed)
    expect(open.diagnoses.map(({ code }) => code)).not.toContain('threshold-too-loose')
    const shown = resultText({ manifest, summary: open, live: [] })
    expect(shown).toMatch(/strict +not graded +- /)
    expect(shown).not.toMatch(/NaN|accuracy \d/)
  })
})
