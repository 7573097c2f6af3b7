import { describe, expect, it } from 'vitest'
import { resultText } from '../../src/cli/result-text.ts'
import {
  type CellResult,
  type DecodedItem,
  type DecodingResult,
  type Manifest,
  manifestSchema,
  summarySchema,
} from '../../src/store/schema.ts'
import { adjustOverArms } from '../../src/summary/adjust-over-arms.ts'
import { summarise } from '../../src/summary/summarise.ts'

const PROMPTS = 20

/** Three arms on one task and two networks, with numbers that can be worked out by hand. */
const manifest: Manifest = manifestSchema.parse({
  schema: 1,
  runId: 'study-0',
  title: 'A study',
  createdAt: '2026-01-01T00:00:00.000Z',
  file: 'study.ts',
  experimentDigest: '0',
  experiment: {},
  baseline: 'strict',
  variants: [
    {
      id: 'plain',
      arm: 'plain',
      label: 'plain',
      decode: 'autoregressive',
      gamma: 0,
      accept: null,
      lossless: true,
      parameters: {},
      against: 'strict',
    },
    {
      id: 'strict',
      arm: 'strict',
      label: 'strict',
      decode: 'speculative',
      gamma: 4,
      accept: { name: 'strict' },
      lossless: true,
      parameters: {},
    },
    {
      id: 'loose',
      arm: 'loose',
      label: 'loose',
      decode: 'speculative',
      gamma: 4,
      accept: { name: 'dsd-adaptive' },
      lossless: false,
      parameters: {},
      against: 'strict',
    },
  ],
  conditions: [
    {
      id: 'far',
      nodes: 4,
      link: { latencyMs: 20, jitterMs: 0, loss: 0 },
      compute: { kind: 'declared', baseMs: 10, perRowMs: 0, draftStepMs: 1 },
    },
    {
      id: 'near',
      nodes: 4,
      link: { latencyMs: 0.5, jitterMs: 0, loss: 0 },
      compute: { kind: 'declared', baseMs: 10, perRowMs: 0, draftStepMs: 1 },
    },
  ],
  decodings: ['plain', 'strict', 'loose'].map((variant) => ({ id: variant, variant, task: 'sums', seed: 1 })),
  cells: ['plain', 'strict', 'loose'].flatMap((variant) =>
    ['far', 'near'].map((condition) => ({
      id: `${variant}-${condition}`,
      variant,
      task: 'sums',
      seed: 1,
      condition,
      decoding: variant,
    })),
  ),
  live: [],
  seeds: [1],
  sampling: { temperature: 0 },
  tasks: [{ name: 'sums', digest: '0', items: PROMPTS }],
  models: { target: { ref: 't', digest: '0', parameters: 1, layers: 8, hiddenSize: 192, bytes: 1 }, draft: null },
  engine: { name: 'tfjs-wasm', version: '0', rowInvariant: true, note: '' },
  versions: {},
  git: null,
  machine: { platform: '', cpu: '', cores: 1, memoryMb: 1 },
})

/** What one arm did on every prompt: 60 tokens each. */
interface ArmFacts {
  readonly rounds: number
  readonly right: number
  readonly accepted: number
  readonly relaxed: number
  readonly kept: readonly number[]
  readonly msPerRound: number
}
const facts: Readonly<Record<string, ArmFacts>> = {
  plain: { rounds: 60, right: 18, accepted: 0, relaxed: 0, kept: [], msPerRound: 140 },
  strict: { rounds: 40, right: 18, accepted: 20, relaxed: 0, kept: [40, 5, 2, 1], msPerRound: 144 },
  loose: { rounds: 20, right: 6, accepted: 40, relaxed: 10, kept: [90, 80, 70, 60], msPerRound: 144 },
}

const item = (index: number): string => `sums/${index}`
const indices = Array.from({ length: PROMPTS }, (_, index) => index)

const decodings: DecodingResult[] = manifest.decodings.map((decoding) => {
  const arm = facts[decoding.variant]
  if (arm === undefined) throw new Error('no such arm')
  const { rounds, accepted, relaxed, right, kept } = arm
  const items = indices.map((index): DecodedItem => {
    const drafted = accepted === 0 ? 0 : 4 * rounds
    const correct = index < right
    return {
      item: item(index),
      sequence: index,
      promptTokens: 10,
      tokens: 60,
      rounds,
      drafted,
      accepted,
      relaxed,
      mismatches: 20,
      correct,
      reason: '',
      prompt: '',
      text: '',
      pieces: [],
    }
  })
  return { schema: 1, decoding, items, byPosition: { trials: kept.map(() => 100), kept: [...kept] }, method: 'decoded' }
})

const cells: CellResult[] = manifest.cells.map((cell) => {
  const arm = facts[cell.variant]
  if (arm === undefined) throw new Error('no such arm')
  const { rounds, msPerRound } = arm
  const items = indices.map((index) => ({
    item: item(index),
    tokens: 60,
    rounds,
    totalMs: rounds * (cell.condition === 'far' ? msPerRound : 42),
    firstTokenMs: 1,
    forwardBytes: 600,
    verdictBytes: 120,
  }))
  return { schema: 1, cell, clock: 'virtual', items }
})

const summary = summarise({ manifest, decodings, cells, marginPoints: 5 })
const qualityOf = (variant: string) => summary.quality.find((quality) => quality.variant === variant)
const speedOf = (variant: string, condition: string) =>
  summary.speed.find((speed) => speed.variant === variant && speed.condition === condition)

describe('a summary', () => {
  it('fits its schema and comes out the same again', () => {
    expect(summarySchema.parse(summary)).toEqual(summary)
    expect(summarise({ manifest, decodings, cells, marginPoints: 5 })).toEqual(summary)
  })

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

  it('adjusts over the relaxed variants of a task, and not over controls', () => {
    const [loose] = manifest.variants.filter(({ id }) => id === 'loose')
    const quality = qualityOf('loose')
    if (loose === undefined || quality === undefined || quality.versusBaseline === null) throw new Error('no such arm')
    const { holm: _, ...versusBaseline } = quality.versusBaseline
    const ids = ['loose', 'looser', 'chance']
    const adjusted = adjustOverArms(
      ids.map((id) => ({ ...loose, id, ...(id === 'chance' ? { controls: 'loose' } : {}) })),
      ids.map((variant) => ({ ...quality, variant, versusBaseline })),
    )
    const [first, second, control] = adjusted.map((one) => one.versusBaseline?.holm?.mcnemarP)
    expect([first, second]).toEqual([expect.closeTo(2 ** -10, 12), expect.closeTo(2 ** -10, 12)])
    expect(control).toBeUndefined()
  })

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
    const shown = resultText({ manifest, summary: open })
    expect(shown).toMatch(/strict +not graded +- /)
    expect(shown).not.toMatch(/NaN|accuracy \d/)
  })

  it('predicts nothing where windows are as long as what a drafter finds', () => {
    const lookup: Manifest = {
      ...manifest,
      models: { ...manifest.models, drafter: 'prompt-lookup(ngram 3, minNgram 1)' },
    }
    const open = summarise({ manifest: lookup, decodings, cells, marginPoints: 5 })
    expect(open.speed.every(({ predicted }) => predicted === null)).toBe(true)
    expect(open.diagnoses.map(({ code }) => code)).not.toContain('window-too-long')
    expect(open.diagnoses.find(({ code }) => code === 'weak-draft')?.message).toMatch(/^prompt-lookup\(1-3\) is weak/)
  })

  it('says what is wrong, with the number that shows it', () => {
    const found = summary.diagnoses.map(({ code, variant, condition, value }) => ({ code, variant, condition, value }))
    expect(found).toContainEqual({ code: 'weak-draft', variant: 'strict', condition: null, value: 0.4 })
    expect(found).toContainEqual({
      code: 'links-too-fast',
      variant: null,
      condition: 'near',
      value: expect.closeTo(2.5 / 42.5, 2),
    })
    expect(found).toContainEqual({
      code: 'window-too-long',
      variant: 'strict',
      condition: 'near',
      value: expect.any(Number),
    })
    expect(found).toContainEqual({
      code: 'threshold-too-loose',
      variant: 'loose',
      condition: null,
      value: expect.closeTo(-60),
    })
    expect(found.filter(({ code, condition }) => code === 'links-too-fast' && condition === 'far')).toEqual([])
    expect(summary.diagnoses.find(({ code }) => code === 'weak-draft')?.message).toContain('40 %')
  })
})
