import type { Drafter, ShardCompute } from '@dsd-lab/core'
import type { ComputeSettings } from '../store/schema.ts'
import { type ComputeSample, fitCompute, lowerQuartile } from './fit-compute.ts'

const WINDOWS = [1, 2, 3, 5, 9] as const
const REPEATS = 24
/** A text of middling length: attention grows with it, a little. */
const CONTEXT = 64

/**
 * Times the models on this machine, alone, over windows of several sizes. A node of a target cut over N gets an equal share of the
 * whole, since every cut computes the same layers. What drafts is a model, or a drafter without one, timed by the steps that it counts.
 */
export async function measureCompute(
  target: ShardCompute,
  draft: ShardCompute | Drafter | undefined,
): Promise<(nodes: number) => ComputeSettings> {
  const { baseMs, perRowMs } = fitCompute(await timeWindows(target, WINDOWS))
  const draftStepMs = draft === undefined ? 0 : await timeDraftStep(draft)
  return (nodes) => ({ kind: 'measured', baseMs: baseMs / nodes, perRowMs: perRowMs / nodes, draftStepMs })
}

async function timeDraftStep(draft: ShardCompute | Drafter): Promise<number> {
  if (!('open' in draft)) return (await timeWindows(draft, [1]))[0]?.ms ?? 0
  const session = await draft.open({
    seed: 1,
    sequence: 0,
    sampling: { temperature: 0 },
    drafting: 'coupled',
    needs: 'ids',
  })
  try {
    const context = Array.from({ length: CONTEXT }, (_, id) => id % 16)
    const times: number[] = []
    for (let repeat = 0; repeat <= REPEATS; repeat++) {
      const before = performance.now()
      const { steps } = await session.propose(context, { gamma: 4 })
      // One that counts no steps is taken to cost nothing.
      if (steps === 0) return 0
      if (repeat > 0) times.push((performance.now() - before) / steps)
    }
    return lowerQuartile(times)
  } finally {
    await session.close()
  }
}

/**
 * Time of each size of window; sizes take turns, so that a drift of the machine hits all alike, and the lower quartile counts, for other work
 * on the machine only ever adds.
 */
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
    return times.map(({ rows, all }) => ({ rows, ms: lowerQuartile(all) }))
  } finally {
    session.close()
  }
}
