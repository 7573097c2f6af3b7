import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Mix, mixes, play, schedule } from './world/faults.ts'
import { scenarios } from './world/scenario.ts'
import { World, type WorldOptions } from './world/world.ts'

const RUNS = 60

const setting: fc.Arbitrary<WorldOptions> = fc.record({
  scenario: fc.constantFrom(...scenarios),
  nodes: fc.integer({ min: 1, max: 5 }),
  gamma: fc.integer({ min: 0, max: 5 }),
  maxRows: fc.integer({ min: 7, max: 40 }),
})

describe('whatever happens to frames, shards and coordinators, every invariant holds', () => {
  it.each(Object.keys(mixes) as Mix[])('%s', async (mix) => {
    let rounds = 0
    await fc.assert(
      fc.asyncProperty(setting, schedule(mix), async (options, moves) => {
        const world = new World(options)
        await play(world, moves)
        await world.close()
        expect(world.watch.violations).toEqual([])
        rounds += world.watch.rounds
      }),
      { seed: 4, numRuns: RUNS },
    )
    expect(rounds).toBeGreaterThan(RUNS * 5)
  })
})
