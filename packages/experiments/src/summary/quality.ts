import { bootstrapOfSums, clusteredWilson, compareAccuracy, type GradedCluster } from '../statistics/index.ts'
import type { DecodedItem, DecodingResult, Estimate, Quality, Variant } from '../store/schema.ts'
import { addByPlace, sumPerPrompt, total } from './per-prompt.ts'

/** Decodings of one variant on one task, all seeds; and those of the variant that it is compared with. */
export interface QualityInput {
  readonly variant: Variant
  readonly task: string
  readonly decodings: readonly DecodingResult[]
  /** Empty on the baseline arm. */
  readonly baseline: readonly DecodingResult[]
  readonly marginPoints: number
}

/** Everything about a variant that no network changes. */
export function qualityOf({ variant, task, decodings, baseline, marginPoints }: QualityInput): Quality {
  const items = decodings.flatMap((decoding) => decoding.items)
  const prompts = promptsOf(decodings)
  const sums = (of: (item: DecodedItem) => number): number[] => sumPerPrompt({ items, prompts, of })
  const graded = isGraded(decodings) ? gradedClusters(decodings, prompts) : undefined
  return {
    variant: variant.id,
    task,
    items: prompts.length,
    accuracy: graded === undefined ? null : accuracyOf(graded),
    tokensPerRound: ratio(
      sums((item) => item.tokens),
      sums((item) => item.rounds),
    ),
    acceptance: ratio(
      sums((item) => item.accepted),
      sums((item) => item.drafted),
    ),
    byPosition: byPositionOf(decodings),
    rounds: total(items.map((item) => item.rounds)),
    relaxedRate: total(items.map((item) => item.relaxed)) / total(items.map((item) => item.tokens)),
    relaxedOfMismatches: relaxedShare(items) ?? 0,
    versusBaseline:
      baseline.length === 0 || graded === undefined
        ? null
        : compareAccuracy({ variant: graded, baseline: gradedClusters(baseline, prompts), marginPoints }),
  }
}

/** Share of the mismatches that were kept; undefined where there were none. */
export function relaxedShare(items: readonly DecodedItem[]): number | undefined {
  const mismatches = total(items.map((item) => item.mismatches))
  return mismatches === 0 ? undefined : total(items.map((item) => item.relaxed)) / mismatches
}

/** Whether the task has right answers. */
export function isGraded(decodings: readonly DecodingResult[]): boolean {
  return decodings.some(({ items }) => items.some(({ correct }) => correct !== null))
}

function accuracyOf(graded: readonly GradedCluster[]): Quality['accuracy'] {
  return {
    ...clusteredWilson(graded),
    correct: total(graded.map(({ correct }) => correct)),
    trials: total(graded.map(({ trials }) => trials)),
  }
}

/** Ids of the prompts, in the order of the task. */
export function promptsOf(decodings: readonly DecodingResult[]): string[] {
  return (decodings[0]?.items ?? []).map(({ item }) => item)
}

export function byPositionOf(decodings: readonly DecodingResult[]): Quality['byPosition'] {
  return decodings.reduce<Quality['byPosition']>(
    (sum, { byPosition }) => ({
      trials: addByPlace(sum.trials, byPosition.trials),
      kept: addByPlace(sum.kept, byPosition.kept),
    }),
    { trials: [], kept: [] },
  )
}

/** Right answers per prompt, seeds added up. */
export function gradedClusters(decodings: readonly DecodingResult[], prompts: readonly string[]): GradedCluster[] {
  const items = decodings.flatMap((decoding) => decoding.items)
  const correct = sumPerPrompt({ items, prompts, of: (item) => (item.correct ? 1 : 0) })
  const trials = sumPerPrompt({ items, prompts, of: () => 1 })
  return prompts.map((_, index) => ({ correct: correct[index] ?? 0, trials: trials[index] ?? 0 }))
}

/** Ratio of sums with its interval; 0 where nothing is counted, as the acceptance of plain decoding. */
function ratio(numerators: readonly number[], denominators: readonly number[]): Estimate {
  return bootstrapOfSums({
    columns: [numerators, denominators],
    combine: ([above = 0, below = 0]) => (below === 0 ? 0 : above / below),
  })
}
