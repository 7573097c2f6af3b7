import type { RuleSpec, TraceEvent } from '@dsd-lab/core'
import { beforeAll, describe, expect, it } from 'vitest'
import { loadTask } from '../../src/datasets/index.ts'
import { decodeAlong } from '../../src/runner/decode/decode-along.ts'
import { decodeText } from '../../src/runner/decode/decode-text.ts'
import { loadPair, type ModelPair } from '../../src/runner/decode/model-pair.ts'
import { recordText } from '../../src/runner/decode/record-text.ts'

const patience = 240_000
const prompts = ['word-problems', 'programs'].flatMap((name) =>
  loadTask(name, { limit: 2 }).items.map(({ id, prompt }, sequence) => ({
    item: id,
    prompt: { text: prompt, specialTokens: true },
    sequence,
  })),
)

let pair: ModelPair
beforeAll(async () => {
  pair = await loadPair({
    target: 'bundled:lab-target',
    draft: 'bundled:lab-draft',
    engine: 'tfjs-wasm',
    ruleModules: [],
  })
}, patience)

/** Without the drafts behind a rejected one: a known text does not tell them. */
const judged = (events: readonly TraceEvent[]) =>
  events.map((event) =>
    event.type === 'round' ? { ...event, drafted: event.drafted.slice(0, event.accepted + 1) } : event,
  )

describe('a text decoded along a recorded one is the text decoded from its beginning', () => {
  const cases: readonly (readonly [temperature: number, rule: RuleSpec])[] = [
    [0, { name: 'strict' }],
    [0, { name: 'dsd-adaptive', tau: 0.2 }],
    [0, { name: 'dsd-adaptive', tau: 0.6 }],
    [0, { name: 'lenience', l: 0.2 }],
    [0, { name: 'random-relaxation', rate: 0.1 }],
    [0, { name: 'random-relaxation', rate: 1 }],
    [0, { name: 'forced', profile: [1, 0.4] }],
    [0.8, { name: 'coupled' }],
    [0.8, { name: 'random-relaxation', rate: 0.05 }],
    [0.8, { name: 'dsd-adaptive', tau: 0.2 }],
  ]

  it.each(cases)(
    'temperature %d, %j: the same rounds, origins, importance and grade of certainty',
    async (temperature, rule) => {
      for (const prompt of prompts) {
        const asked = { ...prompt, maxTokens: prompt.sequence === 0 ? 120 : 21, sampling: { temperature }, seed: 5 }
        const recorded = await recordText(pair, asked)
        for (const gamma of [1, 4, 7]) {
          const request = { ...asked, rule, gamma }
          const whole = await decodeText(pair, request)
          let tokens = 0
          const along = await decodeAlong(pair, { recorded, request }, (more) => {
            tokens += more
          })
          expect(judged(along.events)).toEqual(judged(whole.events))
          expect({ ...along, events: [] }).toEqual({ ...whole, events: [] })
          expect(tokens).toBe(whole.pieces.length)
        }
      }
    },
    patience,
  )
})
