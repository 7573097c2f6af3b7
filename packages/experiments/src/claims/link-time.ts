import { retimeText } from '../runner/retime-text.ts'
import type { Condition, Variant } from '../store/schema.ts'
import { hiddenSizeOf } from '../summary/diagnoses.ts'
import { sumPerPrompt } from '../summary/per-prompt.ts'
import type { TaskSamples } from './samples.ts'

/** Where a variant's time on the links goes, per prompt, seeds added up; from its recorded rounds. `[prompts]` each. */
export interface LinkTime {
  /** On the N-1 links between nodes, ms. */
  readonly betweenMs: readonly number[]
  /** On all N+1 hops, from and to the coordinator included, ms. */
  readonly allMs: readonly number[]
  readonly tokens: readonly number[]
  readonly rounds: readonly number[]
}

/** Lays the rounds of every seed's decoding on a network again. */
export async function linkTime(samples: TaskSamples, variant: Variant, condition: Condition): Promise<LinkTime> {
  const { run, task, prompts } = samples
  const cells = run.cellsOf(variant.id, task, condition)
  if (cells.length === 0) throw new RangeError(`${variant.id} was not timed on ${condition.id}`)
  const hiddenSize = hiddenSizeOf(run.manifest)
  const items: LinkTimeOfText[] = []
  for (const { cell } of cells) {
    for (const text of await run.texts(cell.decoding)) {
      const { item, events } = retimeText({ text, condition, seed: cell.seed, hiddenSize })
      let betweenMs = 0
      let allMs = 0
      for (const event of events) {
        if (event.type !== 'timing') continue
        const [toHead = 0, ...between] = event.linkMs
        const inner = between.reduce((sum, ms) => sum + ms, 0)
        betweenMs += inner
        allMs += toHead + inner + event.returnMs
      }
      items.push({ item: item.item, betweenMs, allMs, tokens: item.tokens, rounds: item.rounds })
    }
  }
  const perPrompt = (of: (text: LinkTimeOfText) => number): number[] => sumPerPrompt({ items, prompts, of })
  return {
    betweenMs: perPrompt((text) => text.betweenMs),
    allMs: perPrompt((text) => text.allMs),
    tokens: perPrompt((text) => text.tokens),
    rounds: perPrompt((text) => text.rounds),
  }
}

interface LinkTimeOfText {
  readonly item: string
  readonly betweenMs: number
  readonly allMs: number
  readonly tokens: number
  readonly rounds: number
}
