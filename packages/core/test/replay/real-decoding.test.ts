import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  autoWindow,
  fixedWindow,
  inProcessTarget,
  modelDrafter,
  type RecordedPass,
  replayText,
  speculative,
  type TimedReplayedRound,
} from '../../src/index.ts'
import { goldenText } from '../fixtures/golden.ts'
import { hashShard, hashShards, mix } from '../fixtures/hash-model.ts'
import { resolveTestRule } from '../fixtures/rules.ts'

const model = { layers: 4, vocabSize: 12, maxLength: 64 }
const whole = hashShard(model, { from: 0, to: model.layers })
/** Right about two times in three: a target whose logits are disturbed where a hash says so. */
const draft: typeof whole = {
  ...whole,
  openSession: () => {
    const session = whole.openSession()
    return {
      length: 0,
      close: () => session.close(),
      forward: async (request) => {
        const output = await session.forward(request)
        if (output.kind !== 'logits') return output
        for (let slot = 0; slot < output.logits.length; slot++) {
          const logit = output.logits[slot] ?? 0
          const row = Math.floor(slot / model.vocabSize)
          if (mix(Math.round((output.logits[row * model.vocabSize] ?? 0) * 1e4), 3) % 3 === 0)
            output.logits[slot] = -logit
        }
        return output
      },
    }
  },
}

type TimedRound = Omit<TimedReplayedRound, 'bytes'>

const network = { links: { latencyMs: 9, jitterMs: 4 }, seed: 8 }
const compute = { baseMs: 1.5, perRowMs: 0.25 }

describe('replayed rounds', () => {
  it('are those of real decoding, round by round and to the microsecond, for every window, drafted ahead or not', async () => {
    let partial = 0
    let foreseen = 0
    await fc.assert(
      fc.asyncProperty(
        fc.nat(200),
        fc.constantFrom(0, 0.9),
        fc.integer({ min: 0, max: 9 }),
        fc.integer({ min: 1, max: 30 }),
        fc.boolean(),
        fc.boolean(),
        fc.double({ min: 0, max: 30, noNaN: true }),
        async (seed, temperature, gamma, maxTokens, auto, draftAhead, draftStepMs) => {
          const policy = () => (auto ? autoWindow({ maxGamma: gamma }) : fixedWindow(gamma))
          const prompt = [seed % 12, 3, 1, 4]
          const sampling = { temperature }
          const maxLength = prompt.length + maxTokens
          const eos = [5]
          const rule = resolveTestRule({ name: 'coupled' }, { vocabSize: model.vocabSize, temperature })
          const text = await goldenText({ model: whole, rule, prompt, sampling, seed, eos, maxLength })
          const asks = { seed, sequence: 0, sampling, drafting: rule.drafting, needs: rule.needs }
          const session = await modelDrafter({ name: 'draft', compute: draft }).open(asks)
          const drafts: number[] = []
          for (let place = prompt.length; place < text.length; place++) {
            const { tokens } = await session.propose(text.slice(0, place), { gamma: 1 })
            drafts.push(tokens[0] ?? -1)
          }
          const pass: RecordedPass = { promptTokens: prompt.length, text: text.slice(prompt.length), drafts, maxLength }

          const shards = hashShards(model, 2)
          const target = inProcessTarget({
            name: 'hash',
            shards,
            resolveRule: resolveTestRule,
            eos,
            network,
            compute,
            draftStepMs,
          })
          const real: TimedRound[] = []
          for await (const { round, tokens } of speculative({
            target,
            drafter: modelDrafter({ name: 'draft', compute: draft }),
            rule: { name: 'coupled' },
            window: policy(),
            prompt,
            seed,
            sampling,
            maxTokens,
            draftAhead,
          })) {
            const { index, committedBefore, rows, forced, drafted, draftSteps, accepted, ahead, timing } = round
            if (accepted > 0 && accepted < drafted.length) partial++
            if (ahead?.foreseen) foreseen++
            const counts = { drafted: drafted.length, draftSteps, accepted, committed: tokens.length }
            real.push({ index, committedBefore, rows, forced, ...counts, ...(ahead && { ahead }), timing })
          }
          const chain = { nodes: 2, hiddenSize: shards[0]?.hiddenSize ?? 0, network, compute, draftStepMs }
          const replayed = replayText({ pass, window: policy(), chain, draftAhead })
          expect(replayed.map(({ bytes: _, ...round }) => round)).toEqual(real)
        },
      ),
      { seed: 12, numRuns: 100 },
    )
    expect(partial).toBeGreaterThan(20)
    expect(foreseen).toBeGreaterThan(20)
  })
})
