import { topTwo } from '@dsd-lab/core'
import { loadModel } from '@dsd-lab/node-runtime'

export const goldenModel = 'bundled:lab-draft'

export interface WritableGolden {
  readonly sampleIds: number[]
  readonly cases: {
    readonly inputIds: number[]
    readonly logitsTop: { position: number; ids: number[]; logits: number[]; logSumExp: number }[]
    readonly logitsSample: { position: number; logits: number[] }[]
    readonly greedy: number[]
    readonly greedyMargins: number[]
  }[]
}

/** What plain JavaScript computes, every text in one window and without a cache. */
export async function draftGolden(): Promise<WritableGolden> {
  await using shard = await loadModel({ model: goldenModel, engine: 'tfjs-cpu' })
  const rowsOf = async (ids: readonly number[]): Promise<Float32Array[]> => {
    const session = shard.openSession()
    const output = await session.forward({ start: 0, input: { kind: 'ids', ids: [...ids] } })
    session.close()
    if (output.kind !== 'logits') throw new Error('no logits')
    return ids.map((_, row) => output.logits.slice(row * shard.vocabSize, (row + 1) * shard.vocabSize))
  }
  const inputIds = [17, 400, 33, 1200, 8]
  const sampleIds = [5, 77, 1900]
  const greedy: number[] = []
  const greedyMargins: number[] = []
  for (let step = 0; step < 6; step++) {
    const row = (await rowsOf([...inputIds, ...greedy])).at(-1) ?? new Float32Array(0)
    const { first, second = 0 } = topTwo(row)
    greedy.push(first)
    greedyMargins.push((row[first] ?? 0) - (row[second] ?? 0))
  }
  const rows = await rowsOf(inputIds)
  const at = (position: number) => rows[position] ?? new Float32Array(0)
  const pick = (row: Float32Array, ids: readonly number[]) => ids.map((id) => row[id] ?? Number.NaN)
  const top = (position: number) => {
    const { first, second = 0 } = topTwo(at(position))
    const logSumExp = Math.log(at(position).reduce((sum, logit) => sum + Math.exp(logit), 0))
    return { position, ids: [first, second], logits: pick(at(position), [first, second]), logSumExp }
  }
  const logitsSample = [2, 4].map((position) => ({ position, logits: pick(at(position), sampleIds) }))
  return { sampleIds, cases: [{ inputIds, logitsTop: [top(1), top(4)], logitsSample, greedy, greedyMargins }] }
}
