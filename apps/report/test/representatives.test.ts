import { expect, test } from 'vitest'
import { middleCondition, representatives } from '../src/run/representatives.ts'
import { fixtureConditions, fixtureVariants } from './fixtures/declared-experiment.ts'

const declared = { variants: [...fixtureVariants], conditions: [...fixtureConditions] }

test('one variant an arm: the shared window, the middle of a sweep, and a control with the variant it controls', () => {
  expect(representatives(declared).map(({ id }) => id)).toEqual([
    'autoregressive',
    'strict-g4',
    'adaptive-t0.2',
    'random-t0.2',
  ])
})

test('an arm whose windows are all its own still has a representative', () => {
  const [, strict] = fixtureVariants
  const variants = strict === undefined ? [] : [{ ...strict, id: 'lone', arm: 'lone', gamma: 16 }, ...fixtureVariants]
  expect(representatives({ ...declared, variants }).map(({ id }) => id)).toContain('lone')
})

test('the network in the middle of both sweeps is shown first', () => {
  expect(middleCondition(declared)?.id).toBe('n4-l20')
  expect(middleCondition({ ...declared, conditions: [] })).toBeUndefined()
})
