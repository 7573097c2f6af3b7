import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  confidenceStop,
  DsdError,
  fixedWindow,
  noTotals,
  PassReplay,
  type RecordedPass,
  RoundTimer,
  replayRounds,
  replayText,
} from '../../src/index.ts'

const link = fc.record(
  {
    latencyMs: fc.double({ min: 5, max: 80, noNaN: true }),
    jitterMs: fc.double({ min: 0, max: 5, noNaN: true }),
    bandwidthMbps: fc.double({ min: 0.1, max: 100, noNaN: true }),
    loss: fc.double({ min: 0, max: 0.5, noNaN: true }),
  },
  { requiredKeys: ['latencyMs'] },
)
const chain = fc.integer({ min: 1, max: 6 }).chain((nodes) =>
  fc.record({
    nodes: fc.constant(nodes),
    hiddenSize: fc.constantFrom(16, 576),
    network: fc.record({ links: fc.array(link, { minLength: nodes + 1, maxLength: nodes + 1 }), seed: fc.nat() }),
    compute: fc.record({
      baseMs: fc.double({ min: 0, max: 20, noNaN: true }),
      perRowMs: fc.double({ min: 0, max: 2, noNaN: true }),
    }),
    draftStepMs: fc.double({ min: 0, max: 5, noNaN: true }),
    activations: fc.constantFrom('f32' as const, 'f16' as const, 'int8' as const),
  }),
)
const pass = fc
  .record({
    // 1500 rows of prompt travel in two windows.
    promptTokens: fc.constantFrom(1, 7, 40, 1500),
    matches: fc.array(fc.boolean(), { minLength: 1, maxLength: 60 }),
    spare: fc.nat(3),
  })
  .map(
    ({ promptTokens, matches, spare }): RecordedPass => ({
      promptTokens,
      text: matches.map(() => 1),
      drafts: matches.map((match) => (match ? 1 : 2)),
      maxLength: promptTokens + matches.length + spare,
    }),
  )

describe('totals of a pass', () => {
  it('are the sums of its rounds, to the microsecond and the byte, for every window and chain', () => {
    fc.assert(
      fc.property(
        chain,
        pass,
        fc.integer({ min: 0, max: 70 }),
        fc.nat(300),
        fc.boolean(),
        (chain, pass, gamma, sequence, draftAhead) => {
          const rounds = replayText({
            pass,
            window: fixedWindow(gamma),
            chain,
            sequence,
            openingBytes: 123,
            draftAhead,
          })
          const totals = noTotals()
          const replay = new PassReplay(pass, { sequence, openingBytes: 123 })
          // Nothing of a replay is left for the next one.
          replay.replay(3, new RoundTimer(chain), noTotals(), { draftAhead: !draftAhead })
          replay.replay(gamma, new RoundTimer(chain), totals, { draftAhead })
          const sum = (of: (round: (typeof rounds)[number]) => number) => rounds.reduce((all, one) => all + of(one), 0)
          expect(totals).toEqual({
            rounds: rounds.length,
            drafted: sum(({ drafted }) => drafted),
            accepted: sum(({ accepted }) => accepted),
            draftUs: sum(({ timing }) => Math.round(timing.draftMs * 1000)),
            totalUs: sum(({ timing }) => Math.round(timing.totalMs * 1000)),
            firstUs: Math.round(1000 * (rounds[0]?.timing.totalMs ?? 0)),
            forwardBytes: sum(({ bytes }) => bytes.forward.reduce((all, one) => all + one, 0)),
            verdictBytes: sum(({ bytes }) => bytes.verdict),
          })
          expect(rounds.map(({ timing: _, bytes: __, ...round }) => round)).toEqual(
            replayRounds(pass, gamma, { draftAhead }),
          )
        },
      ),
      { seed: 4, numRuns: 300 },
    )
  })
})

describe('a confidence stop', () => {
  const recorded: RecordedPass = {
    promptTokens: 3,
    text: [1, 1, 1, 1, 1, 1],
    drafts: [1, 1, 2, 1, 1, 1],
    maxLength: 40,
    confidences: { along: [0.9, 0.9, 0.9, 0.3, 0.9, 0.9], beside: [[], [], [0.8, 0.2, 0.9], [], [], [], [0.1]] },
  }
  const chain = { nodes: 1, hiddenSize: 4, network: { links: { latencyMs: 1 } }, compute: { baseMs: 0, perRowMs: 0 } }
  const rounds = (pass: RecordedPass, gamma: number) =>
    replayText({ pass, window: confidenceStop({ gamma, threshold: 0.4 }), chain: { ...chain, draftStepMs: 0 } })

  it('goes on beside the text after a mismatch, and ends with the doubtful draft', () => {
    // 1 1 2 then two beside; the doubt at place 3 ends the second window; then 1 1 and one after the end.
    expect(rounds(recorded, 8).map(({ drafted, committed }) => [drafted, committed])).toEqual([
      [5, 3],
      [1, 2],
      [2, 1],
    ])
  })

  it('refuses a pass that was recorded less deep than the window', () => {
    const shallow = {
      ...recorded,
      confidences: { along: [0.9, 0.9, 0.9, 0.9, 0.9, 0.9], beside: [[], [], [0.8], [], [], [], []] },
    }
    expect(() => rounds(shallow, 8)).toThrow(DsdError)
    expect(() => rounds(shallow, 8)).toThrow(/1 confidences are known there/)
    const { confidences: _, ...without } = recorded
    expect(() => rounds(without, 2)).toThrow(/holds no confidences/)
  })
})
