import { ratioOfSums, type SpeedSample, speedup } from '../statistics/index.ts'
import type { CellResult, Condition, Speed, TimedItem, Variant } from '../store/schema.ts'
import { sumPerPrompt, total } from './per-prompt.ts'

/** Cells of one variant on one task and network, all seeds; and those that it is compared with. */
export interface SpeedInput {
  readonly variant: Variant
  readonly task: string
  readonly condition: Condition
  readonly prompts: readonly string[]
  readonly cells: readonly CellResult[]
  /** Empty for plain decoding itself, and where the experiment has no such arm. */
  readonly autoregressive: readonly CellResult[]
  /** Empty on the baseline arm. */
  readonly baseline: readonly CellResult[]
  readonly predicted: Speed['predicted']
}

/** What a variant takes on one network. */
export function speedOf(input: SpeedInput): Speed {
  const { variant, task, condition, prompts, cells, autoregressive, baseline, predicted } = input
  const sample = speedSample(cells, prompts)
  const over = (others: readonly CellResult[]): Speed['speedupOverBaseline'] =>
    others.length === 0 ? null : speedup({ variant: sample, baseline: speedSample(others, prompts) })
  const items = cells.flatMap((cell) => cell.items)
  const tokens = total(items.map((item) => item.tokens))
  const perToken = (of: (item: TimedItem) => number): number => total(items.map(of)) / tokens
  return {
    variant: variant.id,
    task,
    condition: condition.id,
    msPerToken: ratioOfSums({ numerators: sample.ms, denominators: sample.tokens }),
    speedupOverAutoregressive: over(autoregressive),
    speedupOverBaseline: over(baseline),
    roundsPerToken: perToken((item) => item.rounds),
    forwardBytesPerToken: perToken((item) => item.forwardBytes),
    verdictBytesPerToken: perToken((item) => item.verdictBytes),
    predicted,
  }
}

/** Time and tokens per prompt, seeds added up. */
export function speedSample(cells: readonly CellResult[], prompts: readonly string[]): SpeedSample {
  const items = cells.flatMap((cell) => cell.items)
  return {
    ms: sumPerPrompt({ items, prompts, of: (item) => item.totalMs }),
    tokens: sumPerPrompt({ items, prompts, of: (item) => item.tokens }),
  }
}
