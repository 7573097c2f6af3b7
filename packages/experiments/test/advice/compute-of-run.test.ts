import { expect, it } from 'vitest'
import { computeOfRun } from '../../src/advice/compute-of-run.ts'
import type { Condition } from '../../src/store/schema.ts'

const conditionOf = (kind: 'measured' | 'declared'): Condition => ({
  id: 'n2',
  nodes: 2,
  link: { latencyMs: 5, jitterMs: 0, loss: 0 },
  compute: { kind, baseMs: 18, perRowMs: 3, draftStepMs: 20 },
})

it('cuts what was measured over as many nodes as are asked for, and leaves what is declared for a node', () => {
  expect(computeOfRun({ conditions: [conditionOf('measured')] }, 8)).toEqual({
    baseMs: 4.5,
    perRowMs: 0.75,
    draftStepMs: 20,
  })
  expect(computeOfRun({ conditions: [conditionOf('declared')] }, 8)).toEqual({
    baseMs: 18,
    perRowMs: 3,
    draftStepMs: 20,
  })
  expect(computeOfRun({ conditions: [] }, 8)).toBeUndefined()
})

it('takes the mean node where they were declared one by one', () => {
  const node = (from: number, to: number, speed: number) => ({ layers: { from, to }, speed, weightsMb: 1 })
  const uneven = { ...conditionOf('declared'), placement: [node(0, 5, 1), node(5, 8, 0.5)] }
  expect(computeOfRun({ conditions: [uneven] }, 2)).toEqual({
    baseMs: (18 * 1.25 + 18 * 1.5) / 2,
    perRowMs: (3 * 1.25 + 3 * 1.5) / 2,
    draftStepMs: 20,
  })
})
