import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Exhibit, museum } from './museum.ts'
import { type Move, mixes, play, schedule } from './world/faults.ts'
import { scenarios } from './world/scenario.ts'
import type { Violation } from './world/watch.ts'
import { World, type WorldOptions } from './world/world.ts'

const settings: fc.Arbitrary<WorldOptions> = fc.record({
  scenario: fc.constantFrom(...scenarios),
  nodes: fc.integer({ min: 1, max: 4 }),
  gamma: fc.integer({ min: 1, max: 5 }),
  maxRows: fc.integer({ min: 7, max: 12 }),
})

const violations = async (options: WorldOptions, moves: readonly Move[]): Promise<readonly Violation[]> => {
  const world = new World(options)
  await play(world, moves)
  return world.watch.violations
}

describe('a deliberate bug turns its invariant red, and the same schedule without it is green', () => {
  it.each(museum)('$breaks: $bug ($seen)', async ({ mix, breaks, guards }: Exhibit) => {
    const worlds = fc.sample(fc.tuple(settings, schedule(mixes[mix])), { seed: 11, numRuns: 100 })
    for (const [options, moves] of worlds) {
      const seen = await violations({ ...options, guards: guards() }, moves)
      if (!seen.some(({ invariant }) => invariant === breaks)) continue
      expect(await violations(options, moves)).toEqual([])
      return
    }
    expect.fail(`none of ${worlds.length} schedules noticed`)
  })
})
