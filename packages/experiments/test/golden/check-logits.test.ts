import { openModel } from '@dsd-lab/node-runtime'
import { beforeAll, describe, expect, it } from 'vitest'
import { checkLogits } from '../../src/golden/check-logits.ts'
import { draftGolden, goldenModel, type WritableGolden } from './draft-golden.ts'

let golden: WritableGolden
beforeAll(async () => {
  golden = await draftGolden()
})

type Case = WritableGolden['cases'][number]

/** Checks the golden file after a change to its one case. */
async function check(change: (one: Case) => void = () => {}, nodes = 1) {
  const { sampleIds, cases } = structuredClone(golden)
  cases.forEach(change)
  const model = await openModel(goldenModel)
  return checkLogits({
    model,
    golden: { sampleIds, cases },
    engine: 'tfjs-wasm',
    precision: 'f32',
    nodes,
    tolerance: 2e-4,
  })
}

describe('a model against its golden file', () => {
  it.each([1, 2])('passes on another engine, cut over %i shards', async (nodes) => {
    const verdict = await check(undefined, nodes)
    expect(verdict).toMatchObject({ passed: true, firstDifferingId: undefined })
    expect(verdict.shards.map(({ layers }) => layers.to)).toEqual(nodes === 1 ? [2] : [1, 2])
    expect(verdict.largestLogitDifference.value).toBeLessThan(2e-5)
    // Two engines do not round alike; equal numbers would mean that nothing was computed.
    expect(verdict.largestLogitDifference.value).toBeGreaterThan(0)
  })

  it('fails when one logit is off, and says where', async () => {
    const { passed, largestLogitDifference } = await check(({ logitsSample: [sample] }) => {
      if (sample?.logits[1] !== undefined) sample.logits[1] += 0.001
    })
    expect([passed, largestLogitDifference.position]).toEqual([false, 2])
    expect(largestLogitDifference.value).toBeCloseTo(0.001, 5)
  })

  it('fails when the logSumExp or a margin behind the prompt is off', async () => {
    const sum = await check(({ logitsTop }) => {
      for (const top of logitsTop) top.logSumExp += 0.001
    })
    expect([sum.passed, sum.largestLogSumExpDifference.value]).toEqual([false, expect.closeTo(0.001, 5)])
    const margin = await check(({ greedyMargins }) => {
      greedyMargins[5] = 123
    })
    expect([margin.passed, margin.largestMarginDifference.position]).toEqual([false, 9])
  })

  it('fails on another greedy id, unless the margin is within twice the tolerance', async () => {
    const other = await check(({ greedy }) => {
      greedy[5] = 3
    })
    expect(other.passed).toBe(false)
    expect(other.firstDifferingId).toMatchObject({
      step: 5,
      expected: 3,
      found: golden.cases[0]?.greedy[5],
      excused: false,
    })
    const close = await check(({ greedy, greedyMargins }) => {
      greedy[5] = 3
      greedyMargins[5] = 3e-4
    })
    expect(close.firstDifferingId).toMatchObject({ excused: true, margin: 3e-4 })
  })

  it.each<[string, (one: Case) => void]>([
    ['the golden file has an id 5000, and the model a vocabulary of 1933', ({ inputIds }) => void inputIds.push(5000)],
    ['a case has 610 positions, and the model takes 512', ({ inputIds }) => void inputIds.push(...Array(600).fill(1))],
  ])('is told when the pair is wrong: %s', async (line, change) => {
    await expect(check(change)).rejects.toMatchObject({ kind: 'bad-input', message: line })
  })
})
