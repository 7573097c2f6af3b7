import { logitMargin, topTwo } from '@dsd-lab/core'
import type { GoldenCase } from './golden-file.ts'
import type { ChainSession } from './shard-chain.ts'

/** How far one case of a golden file is from what the shards compute. */
export interface CaseResult {
  readonly label: string
  /** Ids of the prompt. */
  readonly promptIds: number
  /** Largest difference of any logit that the file holds. */
  readonly logit: Difference
  /** Largest difference of any logSumExp. */
  readonly logSumExp: Difference
  /** Largest difference of the margin of a greedy step: it sees the positions behind the prompt. */
  readonly margin: Difference
  readonly greedyIds: number
  /** The greedy steps that chose another id, each after the file's own ids. */
  readonly differing: readonly DifferingId[]
}

export interface Difference {
  /** 0 when nothing was compared, infinite when a number is missing or no number. */
  readonly value: number
  readonly position: number
}

export interface DifferingId {
  readonly step: number
  readonly expected: number
  readonly found: number
  /** Gap of the two largest logits there, by the file or else by the shards. */
  readonly margin: number
}

export interface CaseRequest {
  readonly golden: GoldenCase
  readonly sampleIds: readonly number[]
  readonly label: string
  /** Called after every row that was computed alone, and once for the prompt. */
  onStep(): void
}

/** Runs the prompt in one pass, then the greedy ids one by one with the cache. */
export async function checkCase(
  session: ChainSession,
  { golden, sampleIds, label, onStep }: CaseRequest,
): Promise<CaseResult> {
  const { inputIds, logitsTop, logitsSample, greedy, greedyMargins } = golden
  const from = Math.min(inputIds.length - 1, ...[...logitsTop, ...logitsSample].map(({ position }) => position))
  const rows = await session.forward(0, inputIds, from)
  const rowAt = (position: number): Float32Array => rows[position - from] ?? new Float32Array(0)
  onStep()

  const logits = [
    ...logitsTop.flatMap((top) => differencesOf(rowAt(top.position), { ...top })),
    ...logitsSample.flatMap((sample) => differencesOf(rowAt(sample.position), { ...sample, ids: sampleIds })),
  ]
  const sums = logitsTop.flatMap(({ position, logSumExp: expected }) =>
    expected === undefined ? [] : [{ position, value: distance(logSumExp(rowAt(position)), expected) }],
  )
  const margins: Difference[] = []
  const differing: DifferingId[] = []
  let row = rowAt(inputIds.length - 1)
  for (const [step, expected] of greedy.entries()) {
    const position = inputIds.length - 1 + step
    const found = topTwo(row).first
    const declared = greedyMargins?.[step]
    if (declared !== undefined) margins.push({ position, value: distance(logitMargin(row), declared) })
    if (found !== expected) differing.push({ step, expected, found, margin: declared ?? logitMargin(row) })
    if (step + 1 === greedy.length) break
    row = (await session.forward(position + 1, [expected], 0))[0] ?? new Float32Array(0)
    onStep()
  }
  return {
    label,
    promptIds: inputIds.length,
    logit: largest(logits),
    logSumExp: largest(sums),
    margin: largest(margins),
    greedyIds: greedy.length,
    differing,
  }
}

interface Expected {
  readonly position: number
  readonly ids: readonly number[]
  readonly logits: readonly number[]
}

const differencesOf = (row: Float32Array, { position, ids, logits }: Expected): Difference[] =>
  ids.map((id, place) => ({ position, value: distance(row[id], logits[place]) }))

function distance(found: number | undefined, expected: number | undefined): number {
  const value = Math.abs((found ?? Number.NaN) - (expected ?? Number.NaN))
  return Number.isNaN(value) ? Number.POSITIVE_INFINITY : value
}

export const largest = (differences: readonly Difference[]): Difference =>
  differences.reduce((most, one) => (one.value > most.value ? one : most), { value: 0, position: 0 })

/** Logarithm of the sum of e^logit. */
function logSumExp(row: Float32Array): number {
  const most = row.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
  return most + Math.log(row.reduce((sum, logit) => sum + Math.exp(logit - most), 0))
}
