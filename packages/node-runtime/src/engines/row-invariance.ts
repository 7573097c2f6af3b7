import { PURPOSE, type ShardCompute, type ShardInput, type ShardSession, uniformField } from '@dsd-lab/core'
import type { RowInvariance } from './shard-engine.ts'

export interface ProbePlan {
  /** Sizes of the windows that are compared with single rows. */
  readonly windows: readonly number[]
  /** Rows before the compared ones. */
  readonly prefix: number
}

/** The windows cross a multiple of 32 positions, where the cache of the tfjs engines grows. */
export const THOROUGH: ProbePlan = { windows: [2, 3, 5, 9], prefix: 28 }
/** About twelve rows, for large models on an engine whose cache does not matter. */
export const BRIEF: ProbePlan = { windows: [2, 5], prefix: 0 }

/**
 * Computes the same positions one at a time and in windows, and compares every output bit.
 * A property of the engine on this processor, so it is measured at each load.
 */
export async function probeRowInvariance(shard: ShardCompute, plan: ProbePlan = THOROUGH): Promise<RowInvariance> {
  const most = Math.max(...plan.windows)
  const prefix = Math.max(0, Math.min(plan.prefix, shard.maxLength - most))
  const rows = Math.min(most, shard.maxLength)
  const session = shard.openSession()
  if (prefix > 0) await session.forward({ start: 0, input: probeRows(shard, 0, prefix) })
  const single: Float32Array[] = []
  for (let row = 0; row < rows; row++)
    single.push(await outputs(session, prefix + row, probeRows(shard, prefix + row, 1)))

  let holds = true
  let largestDifference = 0
  const windows = plan.windows.filter((window) => window <= rows)
  for (const window of windows) {
    const together = await outputs(session, prefix, probeRows(shard, prefix, window))
    const width = together.length / window
    for (const [row, alone] of single.slice(0, window).entries()) {
      for (const [i, value] of alone.entries()) {
        const other = together[row * width + i] ?? Number.NaN
        holds &&= Object.is(value, other)
        largestDifference = Math.max(largestDifference, Math.abs(value - other))
      }
    }
  }
  session.close()
  return { holds, windows, largestDifference }
}

async function outputs(session: ShardSession, start: number, input: ShardInput): Promise<Float32Array> {
  const output = await session.forward({ start, input })
  return output.kind === 'hidden' ? output.hidden : output.logits
}

/** Random ids, or random rows of about unit size; the same for the same positions. */
function probeRows(shard: ShardCompute, start: number, rows: number): ShardInput {
  const noise = Array.from({ length: rows }, (_, row) =>
    uniformField({ seed: 0, purpose: PURPOSE.PROBE, sequence: 0, position: start + row }),
  )
  if (shard.embeds) return { kind: 'ids', ids: noise.map((field) => Math.floor(field.at(0) * shard.vocabSize)) }
  const { hiddenSize } = shard
  const hidden = new Float32Array(rows * hiddenSize)
  for (const [row, field] of noise.entries()) {
    for (let i = 0; i < hiddenSize; i++) hidden[row * hiddenSize + i] = 4 * field.at(i) - 2
  }
  return { kind: 'hidden', rows, hidden }
}
