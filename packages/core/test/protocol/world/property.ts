import fc from 'fast-check'
import { expect } from 'vitest'
import { type Move, play, schedule } from './faults.ts'
import { scenarios } from './scenario.ts'
import { World, type WorldOptions } from './world.ts'

export const setting: fc.Arbitrary<WorldOptions> = fc.record({
  scenario: fc.constantFrom(...scenarios),
  nodes: fc.integer({ min: 1, max: 5 }),
  gamma: fc.integer({ min: 0, max: 5 }),
  maxRows: fc.integer({ min: 7, max: 40 }),
})

/** Plays many schedules of these faults and expects no invariant to break; returns the number of rounds decoded. */
export async function expectInvariants(
  faults: readonly Move['kind'][],
  runs: { readonly seed: number; readonly numRuns: number },
): Promise<number> {
  let rounds = 0
  const property = fc.asyncProperty(setting, schedule(faults), async (options, moves) => {
    const world = new World(options)
    await play(world, moves)
    await world.close()
    expect(world.watch.violations).toEqual([])
    rounds += world.watch.rounds
  })
  await fc.assert(property, runs)
  return rounds
}
