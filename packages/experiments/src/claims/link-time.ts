import { retimeText } from '../runner/retime-text.ts'
import type { Condition, Variant } from '../store/schema.ts'
import { hiddenSizeOf } from '../summary/diagnoses.ts'
import type { TaskSamples } from './samples.ts'

/** Where a variant's time on the links goes, per prompt; from its recorded rounds. `[prompts]` each. */
export interface LinkTime {
  /** On the N-1 links between nodes, ms. */
  readonly betweenMs: readonly number[]
  /** On all N+1 hops, from and to the coordinator included, ms. */
  readonly allMs: readonly number[]
  readonly tokens: readonly number[]
  readonly rounds: readonly number[]
}

/** Lays the rounds of one decoding of each prompt on a network again. */
export async function linkTime(samples: TaskSamples, variant: Variant, condition: Condition): Promise<LinkTime> {
  const { run, task } = samples
  const [cell] = run.cellsOf(variant.id, task, condition)
  if (cell === undefined) throw new RangeError(`${variant.id} was not timed on ${condition.id}`)
  const hiddenSize = hiddenSizeOf(run.manifest)
  const texts = (await run.texts(cell.cell.decoding)).map((text) => {
    const { item, events } = retimeText({ text, condition, seed: cell.cell.seed, hiddenSize })
    let betweenMs = 0
    let allMs = 0
    for (const event of events) {
      if (event.type !== 'timing') continue
      const [toHead = 0, ...between] = event.linkMs
      const inner = between.reduce((sum, ms) => sum + ms, 0)
      betweenMs += inner
      allMs += toHead + inner + event.returnMs
    }
    return { betweenMs, allMs, tokens: item.tokens, rounds: item.rounds }
  })
  return {
    betweenMs: texts.map((text) => text.betweenMs),
    allMs: texts.map((text) => text.allMs),
    tokens: texts.map((text) => text.tokens),
    rounds: texts.map((text) => text.rounds),
  }
}
