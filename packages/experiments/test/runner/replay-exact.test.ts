import { resolveRule } from '@dsd-lab/acceptance'
import { fixedWindow, inProcessTarget, type RuleSpec, speculative, type TraceEvent } from '@dsd-lab/core'
import { loadDrafter, loadModel, openModel } from '@dsd-lab/node-runtime'
import { beforeAll, describe, expect, it } from 'vitest'
import { loadTask } from '../../src/datasets/index.ts'
import { decodeText } from '../../src/runner/decode/decode-text.ts'
import { loadPair, type ModelPair } from '../../src/runner/decode/model-pair.ts'
import { recordText } from '../../src/runner/decode/record-text.ts'
import type { DecodedText, TextEntry } from '../../src/runner/decode/text-entry.ts'
import { entryEvents } from '../../src/runner/entry-events.ts'
import { retimeText } from '../../src/runner/retime-text.ts'
import { roundsOf } from '../../src/runner/traced-text.ts'
import type { Condition } from '../../src/store/schema.ts'

const prompts = ['word-problems', 'programs'].flatMap((name, place) =>
  loadTask(name, { limit: 2 })
    .items.slice(place, place + 1)
    .map(({ id, prompt }) => ({ item: id, prompt: { text: prompt, specialTokens: true }, sequence: place })),
)
const patience = 240_000

let pair: ModelPair
beforeAll(async () => {
  pair = await loadPair({
    target: 'bundled:lab-target',
    draft: 'bundled:lab-draft',
    engine: 'tfjs-wasm',
    ruleModules: [],
  })
}, patience)

const asEntry = (text: DecodedText, { item, sequence }: { item: string; sequence: number }): TextEntry => ({
  ...text,
  item,
  sequence,
  correct: false,
  reason: '',
})

/** Rounds and commits without what only the judging of a draft tells: how important it was, and drafts behind a mismatch. */
const decisions = (events: readonly TraceEvent[]) =>
  roundsOf(events).map(({ round, commit }) => ({
    ...round,
    drafted: round.drafted.slice(0, round.accepted + 1),
    tokens: commit?.tokens,
    origins: commit?.origins,
    finish: commit?.finish,
  }))

describe('replayed rounds are the rounds of a real decoding', () => {
  const cases: readonly (readonly [temperature: number, rule: RuleSpec])[] = [
    [0, { name: 'strict' }],
    [0.8, { name: 'coupled' }],
  ]

  it.each(cases)(
    'temperature %d, %j: windows of 1, 2, 4 and 8, with texts that end by themselves and at the limit',
    async (temperature, rule) => {
      for (const prompt of prompts) {
        const request = { ...prompt, maxTokens: prompt.sequence === 0 ? 120 : 21, sampling: { temperature }, seed: 5 }
        const recorded = asEntry(await recordText(pair, request), prompt)
        for (const gamma of [1, 2, 4, 8]) {
          const draftAhead = gamma > 2
          const real = await decodeText(pair, { ...request, rule, gamma, draftAhead })
          expect(decisions(entryEvents({ entry: recorded, gamma, rule, draftAhead }))).toEqual(decisions(real.events))
          expect(real.text).toBe(recorded.text)
        }
      }
    },
    patience,
  )
})

describe('retimed rounds take what they take on a virtual clock', () => {
  it.each([false, true])(
    'to the microsecond, with jitter and loss, drafted ahead: %s',
    async (draftAhead) => {
      const model = await openModel('bundled:lab-target')
      const condition: Condition = {
        id: 'n1',
        nodes: 1,
        link: { latencyMs: 20, jitterMs: 3, bandwidthMbps: 10, loss: 0.1 },
        compute: { kind: 'declared', baseMs: 10, perRowMs: 0.4, draftStepMs: 11 },
      }
      await using compute = await loadModel({ model })
      await using drafter = await loadDrafter({ model: 'bundled:lab-draft' })
      const target = inProcessTarget({
        name: model.ref,
        shards: [compute],
        resolveRule,
        eos: model.config.eos,
        network: { links: { latencyMs: 20, jitterMs: 3, bandwidthMbps: 10, loss: 0.1 }, seed: 9 },
        compute: { baseMs: 10, perRowMs: 0.4 },
        draftStepMs: 11,
        modelDigest: await model.digest(),
      })
      const [prompt] = prompts
      if (prompt === undefined) throw new Error('the task has no items')
      const rule = { name: 'strict' }
      const ids = pair.tokenizer.encode(prompt.prompt.text)
      let endMs = 0
      let foreseen = 0
      const decoding = speculative({
        target,
        drafter,
        rule,
        window: fixedWindow(4),
        draftAhead,
        prompt: ids,
        seed: 1,
        sequence: 0,
        maxTokens: 40,
      })
      for await (const { round } of decoding) {
        endMs = round.timing.startMs + round.timing.totalMs
        if (round.ahead?.foreseen) foreseen++
      }

      const text = await decodeText(pair, {
        ...prompt,
        maxTokens: 40,
        sampling: { temperature: 0 },
        seed: 1,
        rule,
        gamma: 4,
        draftAhead,
      })
      const timed = retimeText({
        text: {
          session: { type: 'session', version: 1, item: prompt.item, sequence: 0, promptTokens: ids.length },
          rounds: roundsOf(text.events),
        },
        condition,
        seed: 9,
        hiddenSize: model.config.hiddenSize,
      })
      expect(timed.item.totalMs).toBeCloseTo(endMs, 6)
      expect(foreseen > 0).toBe(draftAhead)
    },
    patience,
  )
})
