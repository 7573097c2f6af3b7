import { describe, expect, it } from 'vitest'
import { mixes } from './world/faults.ts'
import { expectInvariants } from './world/property.ts'

const RUNS = 600

describe('thousands of schedules', () => {
  it.each(Object.entries(mixes))('%s', { timeout: 600_000 }, async (_, faults) => {
    expect(await expectInvariants(faults, { seed: 20_260, numRuns: RUNS })).toBeGreaterThan(RUNS * 5)
  })
})
