import { describe, expect, it } from 'vitest'
import type { TestableClaim } from '../../src/claims/claim.ts'
import { judgeClaims } from '../../src/claims/judge-claims.ts'
import { reaches } from '../../src/claims/speedup-reached.ts'
import { madeEvidence, madeSamples } from './made-evidence.ts'
import { type MadeArm, type MadeStudy, network } from './made-study.ts'

const plainly = { rounds: Array.from({ length: 12 }, () => 1) }
const plain: MadeArm = { id: 'plain', gamma: 0, lossless: true, answer: () => plainly }
const strict: MadeArm = { id: 'strict', gamma: 4, lossless: true, answer: () => ({ rounds: [4, 4, 4] }) }
const near = network(4, 20)
const study: MadeStudy = { prompts: 8, conditions: [near], arms: [plain, strict] }

async function reached(changes: Partial<MadeStudy>): Promise<ReturnType<typeof reaches>> {
  const samples = await madeSamples({ ...study, ...changes })
  const over = samples.plain
  if (over === undefined) throw new Error('no plain arm')
  const settings = samples.strict.map((variant) => ({ variant, condition: near, over }))
  return reaches({ samples, settings, target: 2 })
}

describe('a speed-up that is reached', () => {
  it('is decided by the half that did not choose', async () => {
    const finding = await reached({})
    expect(finding).toMatchObject({ verdict: 'reproduced', measured: { what: 'strict over plain' } })
    expect(finding.conditions).toContain('4 of 8 items')
  })

  it.each([1, 2, 3])('is not testable on %i items: a half has no interval', async (prompts) => {
    expect(await reached({ prompts })).toMatchObject({
      verdict: 'not testable here',
      measured: null,
      because: 'choosing on one half and measuring on the other takes 4 items at least',
    })
  })

  it('skips an arm that wrote nothing, wherever it stands', async () => {
    const silent: MadeArm = { ...strict, id: 'silent', gamma: 2, answer: () => ({ rounds: [] }) }
    const finding = await reached({ arms: [plain, silent, strict] })
    expect(finding.measured?.what).toBe('strict over plain')
  })
})

describe('evidence of one item', () => {
  it('judges no claim, and crashes none', async () => {
    using made = await madeEvidence({ ...study, prompts: 1 })
    const claim: TestableClaim = {
      ...{ id: 'made', text: '', source: '', rule: '' },
      readings: [{ experiment: 'study.ts', task: 'sums' }],
      judge: async (samples) => reaches({ samples, settings: [], target: 2 }),
    }
    const [judged] = await judgeClaims([claim], (experiment) => made.evidence.runOf(experiment))
    expect(judged?.readings).toMatchObject([{ verdict: 'not testable here', because: 'one item has no interval' }])
  })
})

describe('the taus that may be chosen', () => {
  const wrongAt = (places: readonly number[]) => (prompt: number) => ({
    rounds: [6, 6],
    correct: !places.includes(prompt),
  })
  const kept = async (places: readonly number[], marginPoints: number): Promise<string[]> => {
    const loose: MadeArm = { id: 'loose', gamma: 4, lossless: false, answer: wrongAt(places) }
    const samples = await madeSamples({ ...study, arms: [strict, loose], marginPoints })
    return samples.withinMargin().map(({ id }) => id)
  }

  it('are those that lose no more than the margin on the half that chooses: the half that measures has no say', async () => {
    expect(await kept([1, 3, 5], 2)).toEqual(['loose'])
    expect(await kept([0], 20)).toEqual([])
  })

  it('may lose the margin exactly', async () => {
    expect(await kept([0], 25)).toEqual(['loose'])
  })
})
