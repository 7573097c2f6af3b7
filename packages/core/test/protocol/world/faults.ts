import fc from 'fast-check'
import type { World } from './world.ts'

/** One thing that happens to a world. `choice` picks where. */
export interface Move {
  readonly kind: keyof typeof moves
  readonly choice: number
}

/** Things that happen; the first is no fault. */
export const moves = {
  run: async (world: World, choice: number) => {
    const steps = choice % 3 === 0 ? choice % 40 : choice % 4
    for (let step = 0; step <= steps; step++) await world.step((choice >>> 3) + step * 7)
  },
  drop: (world: World, choice: number) => busy(world, choice)?.drop(),
  duplicate: (world: World, choice: number) => busy(world, choice)?.duplicate(),
  reorder: (world: World, choice: number) => busy(world, choice)?.reorder(),
  corrupt: (world: World, choice: number) => busy(world, choice)?.corrupt(choice),
  deadline: (world: World) => world.deadline(),
  abort: (world: World) => world.abort(),
  crashShard: (world: World, choice: number) => world.crashShard(choice % world.nodes),
  crashCoordinator: (world: World, choice: number) => world.replaceCoordinator(choice % 6),
  zombie: (world: World, choice: number) => world.zombie(choice),
} satisfies Record<string, (world: World, choice: number) => Promise<void> | void>

/** What kinds of faults happen together. */
export const mixes = {
  loss: ['drop', 'deadline'],
  duplicates: ['duplicate'],
  reordering: ['reorder', 'duplicate', 'deadline'],
  corruption: ['corrupt', 'deadline'],
  impatience: ['deadline', 'deadline', 'deadline', 'abort'],
  shardCrashes: ['crashShard', 'deadline'],
  coordinatorCrashes: ['crashCoordinator', 'deadline'],
  zombies: ['crashCoordinator', 'zombie', 'zombie', 'zombie', 'deadline'],
  everything: [
    'drop',
    'duplicate',
    'reorder',
    'corrupt',
    'deadline',
    'abort',
    'crashShard',
    'crashCoordinator',
    'zombie',
  ],
} satisfies Record<string, readonly Move['kind'][]>

export type Mix = keyof typeof mixes

/** A schedule: stretches of normal running with faults in between. */
export function schedule(faults: readonly Move['kind'][]): fc.Arbitrary<readonly Move[]> {
  const fault = fc.record({ kind: fc.constantFrom(...faults), choice: fc.nat() })
  const run = fc.record({ kind: fc.constant<Move['kind']>('run'), choice: fc.nat() })
  return fc.array(fc.oneof(run, fault), { minLength: 10, maxLength: 60, size: 'max' })
}

export async function play(world: World, schedule: readonly Move[]): Promise<void> {
  for (const { kind, choice } of schedule) await moves[kind](world, choice)
  await world.settle()
}

function busy(world: World, choice: number) {
  const channels = world.channels.filter(({ frames }) => frames.length > 0)
  return channels[choice % Math.max(channels.length, 1)]
}
