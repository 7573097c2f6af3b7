import { describe, expect, it } from 'vitest'
import { noRetraining } from '../../src/claims/no-retraining.ts'
import { regime } from '../../src/claims/regime.ts'
import type { Condition } from '../../src/store/schema.ts'
import { madeSamples } from './made-evidence.ts'
import { type MadeArm, type MadeStudy, network } from './made-study.ts'

const byOnes = (prompt: number) => ({ rounds: Array.from({ length: 12 }, () => 1), text: `answer ${prompt}` })
const plain: MadeArm = { id: 'plain', gamma: 0, lossless: true, answer: byOnes }
const strict: MadeArm = {
  id: 'strict',
  gamma: 4,
  lossless: true,
  answer: (prompt) => ({ rounds: [4, 4, 4], text: `answer ${prompt}` }),
}
const study: MadeStudy = { prompts: 6, conditions: [network(4, 20)], arms: [plain, strict] }
/** No draft is ever kept: its steps are for nothing. */
const slow: MadeArm = { ...strict, answer: byOnes }

describe('needs no retraining', () => {
  const judge = async (arms: readonly MadeArm[]) => noRetraining.judge(await madeSamples({ ...study, arms }))

  it('is reproduced where strict is faster and writes the same texts', async () => {
    expect(await judge([plain, strict])).toMatchObject({
      verdict: 'reproduced',
      because: '6 of 6 texts whose windows were decoded are those of plain decoding',
    })
  })

  it('is refuted by an answer that differs, and by a strict that is slower', async () => {
    const other: MadeArm = {
      ...strict,
      answer: (prompt) => ({ rounds: [4, 4, 4], text: prompt === 2 ? 'no' : `answer ${prompt}` }),
    }
    expect(await judge([plain, other])).toMatchObject({ verdict: 'refuted', because: '1 answers differ' })
    expect(await judge([plain, slow])).toMatchObject({
      verdict: 'refuted',
      because: 'it is slower than plain decoding',
    })
  })

  it('of an arm that is replayed from the plain texts counts what live cells decoded, and nothing without one', async () => {
    const replayed: MadeArm = { ...strict, replayed: true }
    expect(await judge([plain, replayed])).toMatchObject({
      verdict: 'not testable here',
      because: expect.stringContaining('alike by construction'),
    })
    expect(await judge([plain, { ...replayed, liveIsSame: true }])).toMatchObject({
      verdict: 'reproduced',
      because: '2 of 2 texts whose windows were decoded are those of plain decoding',
    })
    expect(await judge([plain, { ...replayed, liveIsSame: false }])).toMatchObject({
      verdict: 'refuted',
      because: '1 live cells differ',
    })
  })

  it('is not testable where strict has fewer answers than plain decoding, or none', async () => {
    const first: MadeArm = {
      ...strict,
      answer: (prompt, seed) => (prompt < 3 ? strict.answer(prompt, seed) : undefined),
    }
    const none: MadeArm = { ...strict, answer: () => undefined }
    expect(await judge([plain, first])).toMatchObject({
      verdict: 'not testable here',
      because: '3 answers of strict stand beside 6 of plain decoding',
    })
    expect(await judge([plain, none])).toMatchObject({
      verdict: 'not testable here',
      because: '0 answers of strict stand beside 6 of plain decoding',
    })
  })
})

describe('the regime', () => {
  const judge = async (beyond: Condition) =>
    regime.judge(await madeSamples({ ...study, conditions: [network(4, 160), beyond] }))
  const far = network(4, 1600)

  it('is refuted where slower links take nothing away', async () => {
    expect(await judge(far)).toMatchObject({
      verdict: 'refuted',
      because: 'links slower than the regime take less than 2 % of the speed-up away',
    })
  })

  it('is reproduced where links beyond it are too narrow for windows', async () => {
    expect(await judge({ ...far, link: { ...far.link, bandwidthMbps: 0.001 } })).toMatchObject({
      verdict: 'reproduced',
      because: 'slower links lower the speed-up',
    })
  })

  it('says that more items are needed where the interval holds the bound', async () => {
    expect(await judge({ ...far, link: { ...far.link, jitterMs: 1600 } })).toMatchObject({
      verdict: 'not testable here',
      because: 'the interval holds 0.98: more items are needed to decide',
    })
  })
})
