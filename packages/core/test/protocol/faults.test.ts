import { describe, expect, it } from 'vitest'
import { mixes } from './world/faults.ts'
import { expectInvariants } from './world/property.ts'

const RUNS = 60

describe('whatever happens to frames, shards and coordinators, every invariant holds', () => {
  it.each(Object.entries(mixes))('%s', async (_, faults) => {
    expect(await expectInvariants(faults, { seed: 4, numRuns: RUNS })).toBeGreaterThan(RUNS * 5)
  })
})
