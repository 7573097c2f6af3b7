import { beforeAll, describe, expect, it } from 'vitest'
import { loadTask } from '../../src/datasets/index.ts'
import { type FlipModels, loadFlipModels } from '../../src/importance/flips/flip-models.ts'
import type { Continuation, FlipPair, WrittenText } from '../../src/importance/flips/flip-request.ts'
import { writeTexts } from '../../src/importance/flips/write-texts.ts'
import { loadPair } from '../../src/runner/decode/model-pair.ts'
import { recordText } from '../../src/runner/decode/record-text.ts'

const pair: FlipPair = { target: 'bundled:lab-target', draft: 'bundled:lab-draft', engine: 'tfjs-wasm' }
const items = [...loadTask('word-problems', { limit: 2 }).items, ...loadTask('programs', { limit: 2 }).items]
const MAX_TOKENS = 120

describe('texts of the bundled pair', () => {
  let models: FlipModels
  beforeAll(async () => {
    models = await loadFlipModels(pair)
  })

  async function write(sequence: number, continuations: readonly Continuation[]): Promise<WrittenText[]> {
    const item = items[sequence]
    if (item === undefined) throw new RangeError(`no item ${sequence}`)
    const prompt = { text: item.prompt, specialTokens: true }
    const startsInCode = item.kind === 'program'
    return writeTexts(models, { pair, prompt, item: item.id, sequence, startsInCode, continuations })
  }

  async function own(sequence: number): Promise<WrittenText> {
    const [answer] = await write(sequence, [{ prefix: [], maxTokens: MAX_TOKENS, read: { matching: 2 } }])
    if (answer === undefined) throw new RangeError('no answer')
    return answer
  }

  it('are the texts and drafts of a recorded run', async () => {
    const recorder = await loadPair({ ...pair, ruleModules: [] })
    for (const [sequence, item] of items.entries()) {
      const recorded = await recordText(recorder, {
        prompt: { text: item.prompt, specialTokens: true },
        item: item.id,
        maxTokens: MAX_TOKENS,
        sampling: { temperature: 0 },
        seed: 1,
        sequence,
      })
      const answer = await own(sequence)
      expect(answer.text).toBe(recorded.text)
      expect(answer.drafts).toEqual(recorded.drafts)
      expect(answer.promptTokens).toBe(recorded.promptTokens)
    }
  })

  it('do not depend on what they were guessed from, greedy and sampled', async () => {
    let flips = 0
    for (const sequence of items.keys()) {
      const answer = await own(sequence)
      const continuations = answer.rows
        .filter(({ token, draft }) => token !== draft)
        .slice(0, 4)
        .flatMap(({ at, draft }, index): Continuation[] => {
          const prefix = [...answer.tokens.slice(0, at), draft]
          const sampled = { temperature: 0.7, seed: index }
          return [
            { prefix, maxTokens: MAX_TOKENS, read: { matching: 1 } },
            { prefix, maxTokens: MAX_TOKENS, sampled },
          ]
        })
      const guessed = continuations.map((one) => ({ ...one, resembles: answer.tokens }))
      const [plain, quick] = [await write(sequence, continuations), await write(sequence, guessed)]
      expect(quick).toEqual(plain)
      flips += continuations.length
    }
    expect(flips).toBeGreaterThan(10)
  })

  it('have a row for every mismatch, with signals that fit it', async () => {
    const { rows, tokens, drafts } = await own(0)
    const mismatches = rows.filter(({ token, draft }) => token !== draft)
    expect(mismatches.map(({ at }) => at)).toEqual([...tokens.keys()].filter((at) => drafts[at] !== tokens[at]))
    expect(rows.length - mismatches.length).toBe(2)
    for (const { at, token, draft, top, signals } of rows) {
      expect(token).toBe(tokens[at])
      expect(top[0]).toBe(token)
      expect(new Set(top).size).toBe(5)
      expect(signals.gap === 0).toBe(token === draft)
      expect(signals.surprisal).toBeCloseTo(signals.gap - Math.log(signals.top1), 9)
      if (signals.rank < top.length) expect(top[signals.rank]).toBe(draft)
      expect(signals.margin).toBeLessThanOrEqual(token === draft ? Number.POSITIVE_INFINITY : signals.gap)
    }
  })
})
