import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  fixedWindow,
  inProcessTarget,
  modelDrafter,
  type RecordedPass,
  type ReplayedRound,
  replayRounds,
  speculative,
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

describe('replayed rounds', () => {
  it('are those of real decoding, round by round, for every window', async () => {
    let partial = 0
    await fc.assert(
      fc.asyncProperty(
        fc.nat(200),
        fc.constantFrom(0, 0.9),
        fc.integer({ min: 0, max: 9 }),
        fc.integer({ min: 1, max: 30 }),
        async (seed, temperature, gamma, maxTokens) => {
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

          const target = inProcessTarget({
            name: 'hash',
            shards: hashShards(model, 2),
            resolveRule: resolveTestRule,
            eos,
          })
          const real: ReplayedRound[] = []
          for await (const { round, tokens } of speculative({
            target,
            drafter: modelDrafter({ name: 'draft', compute: draft }),
            rule: { name: 'coupled' },
            window: fixedWindow(gamma),
            prompt,
            seed,
            sampling,
            maxTokens,
          })) {
            const { index, committedBefore, rows, forced, drafted, draftSteps, accepted } = round
            if (accepted > 0 && accepted < drafted.length) partial++
            const counts = { drafted: drafted.length, draftSteps, accepted, committed: tokens.length }
            real.push({ index, committedBefore, rows, forced, ...counts })
          }
          expect(replayRounds(pass, gamma)).toEqual(real)
        },
      ),
      { seed: 12, numRuns: 60 },
    )
    expect(partial).toBeGreaterThan(20)
  })
})
