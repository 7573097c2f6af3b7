import {
  type CellResult,
  type DecodedItem,
  type DecodingResult,
  type Manifest,
  manifestSchema,
} from '../../src/store/schema.ts'
import { summarise } from '../../src/summary/summarise.ts'

const PROMPTS = 20

/** Three arms on one task and two networks, with numbers that can be worked out by hand. */
export const manifest: Manifest = manifestSchema.parse({
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

export const decodings: DecodingResult[] = manifest.decodings.map((decoding) => {
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

export const cells: CellResult[] = manifest.cells.map((cell) => {
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

export const summary = summarise({ manifest, decodings, cells, marginPoints: 5 })
export const qualityOf = (variant: string) => summary.quality.find((quality) => quality.variant === variant)
export const speedOf = (variant: string, condition: string) =>
  summary.speed.find((speed) => speed.variant === variant && speed.condition === condition)
