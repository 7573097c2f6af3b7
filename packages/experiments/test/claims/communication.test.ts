import { describe, expect, it } from 'vitest'
import { communicationSaved } from '../../src/claims/communication-saved.ts'
import { communicationShare } from '../../src/claims/communication-share.ts'
import { madeSamples } from './made-evidence.ts'
import { type MadeStudy, network } from './made-study.ts'

/** Eight nodes of 10 ms and links of 400 ms: t1 = 5 t0. Twelve tokens an answer, four a round under strict. */
const study: MadeStudy = {
  prompts: 6,
  conditions: [network(8, 400)],
  arms: [
    { id: 'plain', gamma: 0, lossless: true, answer: () => ({ rounds: Array.from({ length: 12 }, () => 1) }) },
    { id: 'strict', gamma: 4, lossless: true, answer: () => ({ rounds: [4, 4, 4] }) },
  ],
}

describe('the share of communication that is saved', () => {
  it('is the same with two seeds that write the same answers as with one', async () => {
    const one = await communicationShare.judge(await madeSamples(study))
    const two = await communicationShare.judge(await madeSamples({ ...study, seeds: [1, 2] }))
    // A plain token: 9 hops of 400 ms, 8 nodes of 10 ms; 3 of 4 rounds over the 7 links between nodes are saved.
    expect(one.measured?.value.estimate).toBeCloseTo((100 * 0.75 * 7 * 400) / (9 * 400 + 80), 6)
    expect(two.measured?.value).toEqual(one.measured?.value)
  })

  it('rests on every seed: one whose drafts are worse lowers it', async () => {
    const arms = study.arms.map((arm) =>
      arm.id === 'strict'
        ? { ...arm, answer: (_: number, seed: number) => ({ rounds: seed === 1 ? [4, 4, 4] : [2, 2, 2, 2, 2, 2] }) }
        : arm,
    )
    const finding = await communicationShare.judge(await madeSamples({ ...study, arms, seeds: [1, 2] }))
    expect(finding.measured?.value.estimate).toBeCloseTo((100 * (1 - 9 / 24) * 7 * 400) / (9 * 400 + 80), 6)
  })

  it('follows the formula of the paper with two seeds as with one', async () => {
    const finding = await communicationSaved.judge(await madeSamples({ ...study, seeds: [1, 2] }))
    expect(finding.verdict).toBe('reproduced')
    expect(finding.measured?.value.estimate).toBeCloseTo(1, 6)
  })
})
