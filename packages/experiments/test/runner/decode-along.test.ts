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

const onePerTask = prompts.filter(({ sequence }) => sequence === 0)

let pair: ModelPair
beforeAll(async () => {
  pair = await loadPair({
    target: 'bundled:lab-target',
    draft: 'bundled:lab-draft',
    engine: 'tfjs-wasm',
    ruleModules: [],
  })
}, patience)

const idsOf = (parity: number): number[] => Array.from({ length: 1024 }, (_, index) => 2 * index + parity)
const everyOther = Array.from({ length: 300 }, (_, index) => 2 * index)

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

  const compared = async (temperature: number, rule: RuleSpec, gammas: readonly number[], chosen = prompts) => {
    for (const prompt of chosen) {
      const asked = { ...prompt, maxTokens: prompt.sequence === 0 ? 90 : 21, sampling: { temperature }, seed: 5 }
      const recorded = await recordText(pair, asked)
      for (const gamma of gammas) {
        const request = { ...asked, rule, gamma, draftAhead: gamma !== 2 }
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
  }

  it.each(cases)(
    'temperature %d, %j: the same rounds, origins, importance and grade of certainty',
    (temperature, rule) => compared(temperature, rule, [2, 7], onePerTask),
    patience,
  )

  // Rules that look at the text, ahead in the window, at the draft law or at labels: one window over short texts is enough to tell.
  const seeing: readonly RuleSpec[] = [
    // A phase that opens with every even id and closes with every odd one: what stands before a row decides.
    { name: 'relaxed-top-n', delta: 0.5, phase: { begin: idsOf(0), end: idsOf(1) } },
    { name: 'deferred-window', w: 2, h: 0.05 },
    { name: 'divergence', threshold: 0.05 },
    { name: 'kl-judge', threshold: 0.3 },
    { name: 'oracle', labels: { '1': { important: [], unimportant: everyOther } } },
  ]

  it.each(seeing)(
    '$name',
    (rule) =>
      compared(
        0,
        rule,
        [4],
        prompts.filter(({ sequence }) => sequence === 1),
      ),
    patience,
  )
})
