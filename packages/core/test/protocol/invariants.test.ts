import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mix } from '../fixtures/hash-model.ts'
import { mixes, play, schedule } from './world/faults.ts'
import { briefScenario, longScenario as scenario } from './world/scenario.ts'
import { World, type WorldOptions } from './world/world.ts'

const options: WorldOptions = { scenario, nodes: 3, gamma: 4, maxRows: 9 }

const quiet = async (changes: Partial<WorldOptions> = {}): Promise<World> => {
  const world = new World({ ...options, ...changes })
  await world.settle()
  return world
}

describe('without faults', () => {
  it('nothing is sent again, nothing is stale, and every row is computed once', async () => {
    const world = await quiet()
    expect(world.watch.violations).toEqual([])
    expect(world.watch.shown).toEqual(scenario.golden)
    const { counters } = world.coordinator
    expect(counters).toEqual({ stale: 0, dead: 0, contradictions: 0, resends: 0, replays: 0 })
    expect(world.rowsComputed).toBe(options.nodes * world.watch.rowsSent)
  })

  it('INV-KV-EQUAL and INV-BOUND: after CLOSE no shard holds anything', async () => {
    const world = await quiet()
    await world.close()
    expect(world.watch.violations).toEqual([])
  })
})

describe('INV-IDEMPOTENT', () => {
  it('every frame delivered twice changes nothing but counters', async () => {
    const once = await quiet()
    const twice = await quiet({ doubleFrames: true })
    expect(twice.watch.violations).toEqual([])
    expect(twice.watch.shown).toEqual(once.watch.shown)
    expect(twice.rowsComputed).toBe(once.rowsComputed)
    expect(twice.duplicates).toBeGreaterThan(0)
  })
})

describe('INV-FENCE-IRRELEVANT', () => {
  it('a fence that is always lost changes no token', async () => {
    await fc.assert(
      fc.asyncProperty(schedule(mixes.impatience), async (moves) => {
        const world = new World({ ...options, dropCancels: true })
        await play(world, moves)
        expect(world.watch.violations).toEqual([])
        expect(world.watch.shown).toEqual(scenario.golden)
      }),
      { seed: 6, numRuns: 15 },
    )
  })
})

describe('INV-DETERMINISM', () => {
  it('the same schedule gives the same frames, byte for byte, and another one does not', async () => {
    const [one = [], other = []] = fc.sample(schedule(mixes.everything), { seed: 8, numRuns: 2 })
    const logOf = async (moves: typeof one) => {
      const world = new World(options)
      await play(world, moves)
      return world.watch.log
    }
    const log = await logOf(one)
    expect(await logOf(one)).toEqual(log)
    expect(await logOf(other)).not.toEqual(log)
  })
})

describe('INV-RECOVER', () => {
  const shuffled = (world: World, step: number) => world.step(mix(3, step))

  it('any party may crash at any step, and the text still completes at the price of a replay', async () => {
    const small = { ...options, scenario: briefScenario, nodes: 2, gamma: 2 }
    const { golden } = small.scenario
    const calm = new World(small)
    let steps = 0
    while (!calm.done) await shuffled(calm, steps++)
    for (let step = 0; step < steps; step++) {
      for (const party of ['coordinator', 0, 1] as const) {
        const world = new World(small)
        for (let before = 0; before < step; before++) await shuffled(world, before)
        if (party === 'coordinator') world.replaceCoordinator(step % 4)
        else world.crashShard(party)
        await world.settle()
        expect({ step, party, seen: world.watch.violations }).toEqual({ step, party, seen: [] })
        expect(world.watch.shown).toEqual(golden)
        const replayed = world.rowsComputed - calm.rowsComputed
        expect(replayed).toBeLessThanOrEqual(2 * small.nodes * (golden.length + small.gamma))
      }
    }
    expect(steps).toBeGreaterThanOrEqual(30)
  })
})
