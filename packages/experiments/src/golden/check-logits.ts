import { DsdError } from '@dsd-lab/core'
import type { EngineName, LayerRange, ModelSource, Precision } from '@dsd-lab/node-runtime'
import { type CaseResult, checkCase, type Difference, type DifferingId, largest } from './check-case.ts'
import type { GoldenLogits } from './golden-file.ts'
import { openShardChain } from './shard-chain.ts'

/** Largest difference of a logit that float32 arithmetic is allowed, by the format of the weights. */
export const DEFAULT_TOLERANCE = { safetensors: 2e-4, gguf: 2e-3 } as const satisfies Record<
  ModelSource['format'],
  number
>

export interface LogitsRequest {
  readonly model: ModelSource
  readonly golden: GoldenLogits
  readonly engine: EngineName | undefined
  readonly precision: Precision
  readonly nodes: number
  readonly tolerance: number
  readonly signal?: AbortSignal
  readonly onProgress?: (done: number, total: number) => void
}

export interface LogitsVerdict {
  readonly passed: boolean
  readonly tolerance: number
  readonly shards: readonly { readonly layers: LayerRange; readonly engine: EngineName }[]
  readonly largestLogitDifference: Difference & { readonly label: string }
  readonly largestLogSumExpDifference: Difference & { readonly label: string }
  readonly largestMarginDifference: Difference & { readonly label: string }
  /** First greedy id that differs where the margin does not excuse it, else the first that differs at all. */
  readonly firstDifferingId: (DifferingId & { readonly label: string; readonly excused: boolean }) | undefined
  readonly cases: readonly CaseResult[]
}

/**
 * Compares a model, cut into shards, with reference logits. It passes when no logit, no logSumExp and no margin is further off than the
 * tolerance (a margin: twice), and no greedy id differs where the margin is over twice the tolerance.
 *
 * @throws DsdError when the model cannot be loaded or the cases do not fit it
 */
export async function checkLogits(request: LogitsRequest): Promise<LogitsVerdict> {
  const { golden, tolerance, signal, onProgress } = request
  await refuseForeign(request)
  const total = golden.cases.reduce((sum, { greedy }) => sum + Math.max(1, greedy.length), 0)
  let done = 0
  const onStep = (): void => {
    signal?.throwIfAborted()
    onProgress?.(++done, total)
  }
  await using chain = await openShardChain(request)
  const cases: CaseResult[] = []
  for (const [index, one] of golden.cases.entries()) {
    using session = chain.open()
    const label = one.label ?? `${index + 1}`
    cases.push(await checkCase(session, { golden: one, sampleIds: golden.sampleIds, label, onStep }))
  }
  const differing = cases.flatMap((one) =>
    one.differing.map((id) => ({ ...id, label: one.label, excused: id.margin <= 2 * tolerance })),
  )
  const worst = (pick: (one: CaseResult) => Difference) => {
    const all = cases.map((one) => ({ ...pick(one), label: one.label }))
    return { label: '', ...largest(all) }
  }
  const logit = worst((one) => one.logit)
  const sum = worst((one) => one.logSumExp)
  const margin = worst((one) => one.margin)
  return {
    passed:
      Math.max(logit.value, sum.value, margin.value / 2) <= tolerance && differing.every(({ excused }) => excused),
    tolerance,
    shards: chain.shards,
    largestLogitDifference: logit,
    largestLogSumExpDifference: sum,
    largestMarginDifference: margin,
    firstDifferingId: differing.find(({ excused }) => !excused) ?? differing[0],
    cases,
  }
}

/** @throws DsdError when the golden file belongs to another model */
async function refuseForeign({ model, golden }: LogitsRequest): Promise<void> {
  const bad = (message: string, fix: string): DsdError =>
    new DsdError(message, { kind: 'bad-input', where: model.ref, fix })
  const { vocabSize, maxLength } = model.config
  for (const { inputIds, greedy } of golden.cases) {
    const foreign = [...inputIds, ...greedy].find((id) => id >= vocabSize)
    if (foreign !== undefined) {
      throw bad(`the golden file has an id ${foreign}, and the model a vocabulary of ${vocabSize}`, 'check the pair')
    }
    const positions = inputIds.length + Math.max(0, greedy.length - 1)
    if (positions > maxLength) {
      throw bad(`a case has ${positions} positions, and the model takes ${maxLength}`, 'check the pair')
    }
  }
  const { fileSha256: expected } = golden
  if (expected === undefined || model.format !== 'gguf') return
  const found = await model.digest()
  if (found === expected.toLowerCase()) return
  throw bad(
    `the golden file was made from another file: SHA-256 ${expected.slice(0, 12)}..., not ${found.slice(0, 12)}...`,
    'give that file',
  )
}
