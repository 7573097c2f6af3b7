import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  ACTIVATION_FORMATS,
  type ActivationFormat,
  costRound,
  fixedWindow,
  inProcessTarget,
  loadOfRound,
  modelDrafter,
  type NetworkModel,
  type Round,
  speculative,
} from '../../src/index.ts'
import { hashShard, hashShards } from '../fixtures/hash-model.ts'
import { resolveTestRule } from '../fixtures/rules.ts'

const model = { layers: 6, vocabSize: 24, maxLength: 96 }
const whole = hashShard(model, { from: 0, to: model.layers })

const link = fc.record(
  {
    latencyMs: fc.double({ min: 5, max: 80, noNaN: true }),
    jitterMs: fc.double({ min: 0, max: 5, noNaN: true }),
    bandwidthMbps: fc.double({ min: 0.1, max: 100, noNaN: true }),
    loss: fc.double({ min: 0, max: 0.5, noNaN: true }),
  },
  { requiredKeys: ['latencyMs'] },
)
const node = fc.record({
  baseMs: fc.double({ min: 0, max: 20, noNaN: true }),
  perRowMs: fc.double({ min: 0, max: 2, noNaN: true }),
})

const chain = fc.integer({ min: 1, max: 6 }).chain((nodes) =>
  fc.record({
    nodes: fc.constant(nodes),
    links: fc.oneof(link, fc.array(link, { minLength: nodes + 1, maxLength: nodes + 1 })),
    compute: fc.oneof(node, fc.array(node, { minLength: nodes, maxLength: nodes })),
    networkSeed: fc.nat(),
    draftStepMs: fc.double({ min: 0, max: 5, noNaN: true }),
  }),
)

interface DecodeOptions {
  readonly nodes: number
  readonly network?: NetworkModel
  readonly compute?: Parameters<typeof costRound>[0]['compute']
  readonly draftStepMs?: number
  readonly maxRows?: number
  readonly gamma?: number
  readonly rule?: string
  readonly annotate?: boolean
  readonly activations?: ActivationFormat
}

const prompt = Array.from({ length: 30 }, (_, place) => (place * 7) % model.vocabSize)

const decode = async ({ nodes, gamma = 3, rule = 'coupled', annotate = false, ...costs }: DecodeOptions) => {
  const target = inProcessTarget({
    name: 'hash',
    shards: hashShards(model, nodes),
    resolveRule: resolveTestRule,
    eos: [],
    ...costs,
  })
  const drafter = modelDrafter({ name: 'draft', compute: whole })
  const rounds: Round[] = []
  const request = {
    target,
    drafter,
    prompt,
    seed: 3,
    sequence: 5,
    maxTokens: 20,
    sampling: { temperature: 1 },
    annotate,
  }
  for await (const { round } of speculative({ ...request, rule: { name: rule }, window: fixedWindow(gamma) })) {
    rounds.push(round)
  }
  return rounds
}

describe('costRound', () => {
  it('equals the virtual clock to the microsecond, chunks, jitter, bandwidth and loss included', async () => {
    await fc.assert(
      fc.asyncProperty(
        chain,
        fc.constantFrom(9, 1024),
        fc.integer({ min: 0, max: 5 }),
        fc.boolean(),
        fc.constantFrom(...ACTIVATION_FORMATS),
        async ({ nodes, links, compute, networkSeed, draftStepMs }, maxRows, gamma, annotate, activations) => {
          const network = { links, seed: networkSeed }
          const rounds = await decode({ nodes, network, compute, draftStepMs, maxRows, gamma, annotate, activations })
          for (const { timing, bytes, ...round } of rounds) {
            const load = loadOfRound({ ...round, bytes }, maxRows)
            const { startMs } = timing
            const costs = { nodes, hiddenSize: 2, activations, network, compute, draftStepMs, startMs, sequence: 5 }
            expect(costRound({ load, ...costs })).toEqual({ timing, bytes })
          }
        },
      ),
      { seed: 2, numRuns: 40 },
    )
  })

  it('re-times a decoding for another number of nodes and another network without decoding again', async () => {
    const network = { links: { latencyMs: 20, jitterMs: 2, bandwidthMbps: 5 } }
    const compute = { baseMs: 4, perRowMs: 0.25 }
    const recorded = await decode({ nodes: 1, rule: 'needs-laws', annotate: true })
    const real = await decode({ nodes: 4, network, compute, draftStepMs: 1.5, rule: 'needs-laws', annotate: true })
    let startMs = 0
    for (const [index, round] of recorded.entries()) {
      const costs = { nodes: 4, hiddenSize: 2, network, compute, draftStepMs: 1.5, sequence: 5 }
      const { timing, bytes } = costRound({ load: loadOfRound(round), startMs, ...costs })
      expect({ timing, bytes }).toEqual({ timing: real[index]?.timing, bytes: real[index]?.bytes })
      startMs += timing.totalMs
    }
    expect(recorded.length).toBe(real.length)
  })

  it('never lets jitter reorder the windows of a prompt', async () => {
    const network = { links: { latencyMs: 30, jitterMs: 30 } }
    const [prefill] = await decode({ nodes: 3, network, maxRows: 6 })
    expect(prefill?.retries).toBe(0)
    expect(prefill?.forced).toBe(prompt.length - 1)
  })
})
