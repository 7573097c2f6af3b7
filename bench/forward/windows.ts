import type { ShardEngine } from '@dsd-lab/node-runtime'
import { median } from '../median.ts'
import { type ClockName, readClock } from './clock.ts'

export interface WindowRequest {
  readonly engines: readonly ShardEngine[]
  readonly windows: readonly number[]
  /** Positions in the cache before the window. */
  readonly context: number
  readonly rounds: number
  readonly clock: ClockName
}

/** Milliseconds of one forward pass, logits of every row included. `[engines][windows]` */
export async function timeWindows({ engines, windows, context, rounds, clock }: WindowRequest): Promise<number[][]> {
  const ids = Array.from({ length: context + Math.max(...windows) }, (_, i) => 2 + ((i * 37) % 1000))
  const sessions = engines.map((engine) => engine.openSession())
  for (const session of sessions) {
    await session.forward({ start: 0, input: { kind: 'ids', ids: ids.slice(0, context) }, logitsFrom: context })
  }
  const times = engines.map(() => windows.map((): number[] => []))
  // All take turns in every round, so that a busy moment of the machine hits all alike. The first fifth warms up.
  const warmUp = Math.ceil(rounds / 5)
  for (let round = -warmUp; round < rounds; round++) {
    for (const [e, session] of sessions.entries()) {
      // Untimed: brings back what the engine before it drove out of the processor's caches.
      await session.forward({ start: context, input: { kind: 'ids', ids: ids.slice(context, context + 1) } })
      for (const [w, window] of windows.entries()) {
        const begin = readClock(clock)
        await session.forward({ start: context, input: { kind: 'ids', ids: ids.slice(context, context + window) } })
        if (round >= 0) times[e]?.[w]?.push(readClock(clock) - begin)
      }
    }
  }
  for (const session of sessions) session.close()
  return times.map((row) => row.map(median))
}
