import type { ShardCompute } from '@dsd-lab/core'
import type { ComputeSettings } from '../store/schema.ts'
import { type ComputeSample, fitCompute, median } from './fit-compute.ts'

const WINDOWS = [1, 2, 3, 5, 9] as const
const REPEATS = 15
/** A text of middling length: attention grows with it, a little. */
const CONTEXT = 64

/**
 * Times the models on this machine, alone, over windows of several sizes. A node of a target cut over N gets an equal share of the
 * whole, since every cut computes the same layers.
 */
export async function measureCompute(
  target: ShardCompute,
  draft: ShardCompute | undefined,
): Promise<(nodes: number) => ComputeSettings> {
  const { baseMs, perRowMs } = fitCompute(await timeWindows(target, WINDOWS))
  const [draftStep] = draft === undefined ? [] : await timeWindows(draft, [1])
  return (nodes) => ({
    kind: 'measured',
    baseMs: baseMs / nodes,
    perRowMs: perRowMs / nodes,
    draftStepMs: draftStep?.ms ?? 0,
  })
}

/** Median time of each size of window; sizes take turns, so that a drift of the machine hits all alike. */
async function timeWindows(compute: ShardCompute, windows: readonly number[]): Promise<ComputeSample[]> {
  const session = compute.openSession()
  try {
    const forward = async (start: number, rows: number): Promise<number> => {
      const ids = Array.from({ length: rows }, (_, row) => (start + row) % compute.vocabSize)
      const before = performance.now()
      await session.forward({ start, input: { kind: 'ids', ids } })
      return performance.now() - before
    }
    await forward(0, CONTEXT)
    const times = windows.map((rows) => ({ rows, all: Array.of<number>() }))
    for (let repeat = 0; repeat < REPEATS; repeat++) {
      for (const { rows, all } of times) all.push(await forward(CONTEXT, rows))
    }
    return times.map(({ rows, all }) => ({ rows, ms: median(all) }))
  } finally {
    session.close()
  }
}
