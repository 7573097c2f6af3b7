import { ratioOfSums, type SpeedSample, speedup } from '../statistics/index.ts'
import type { CellResult, Condition, Speed, TimedItem, Variant } from '../store/schema.ts'
import { sumPerPrompt, total } from './per-prompt.ts'

/** Cells of one variant on one task and network, all seeds; and those that it is compared with. */
export interface SpeedInput {
  readonly variant: Variant
  readonly task: string
  readonly condition: Condition
  readonly cells: readonly CellResult[]
  readonly sample: SpeedSample
  /** Absent for plain decoding itself, and where the experiment has no such arm. */
  readonly autoregressive: SpeedSample | undefined
  /** Absent on the baseline arm. */
  readonly baseline: SpeedSample | undefined
  readonly predicted: Speed['predicted']
}

/** What a variant takes on one network. */
export function speedOf(input: SpeedInput): Speed {
  const { variant, task, condition, cells, sample, autoregressive, baseline, predicted } = input
  const over = (other: SpeedSample | undefined): Speed['speedupOverBaseline'] =>
    other === undefined ? null : speedup({ variant: sample, baseline: other })
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
