import type { Draws } from '../draws.ts'
import type { HiddenTest } from '../task-item.ts'
import type { Pipeline } from './pipeline.ts'
import type { Value } from './steps/step.ts'

const WORDS = [
  'apple',
  'pear',
  'sun',
  'bird',
  'table',
  'map',
  'car',
  'moon',
  'tea',
  'stone',
  'paper',
  'ink',
  'blue',
  'cat',
  'mountain',
  'to',
  'a',
  'street',
  'box',
  'rain',
  'bottle',
  'mint',
  'it',
  'planet',
  'morning',
  'bicycle',
  'so',
  'pot',
  'market',
]

/** Inputs and the values that the pipeline gives for them, computed from the meaning of the steps and not from any text of code. */
export function hiddenTests(draws: Draws, pipeline: Pipeline): readonly HiddenTest[] {
  return Array.from({ length: 8 }, (_, index) => {
    const input = pipeline.from === 'numbers' ? numbers(draws, index) : words(draws, index)
    return { args: [input], expected: plain(pipeline.steps.reduce<Value>((value, step) => step.run(value), input)) }
  })
}

/** The first lists are long and dense, so that any two different constants differ somewhere; the last one is empty. */
function numbers(draws: Draws, index: number): number[] {
  if (index === 0)
    return draws.sample(
      Array.from({ length: 34 }, (_, i) => i - 10),
      34,
    )
  if (index === 7) return []
  return Array.from({ length: draws.int(4, 9) }, () => draws.int(-12, 24))
}

function words(draws: Draws, index: number): string[] {
  if (index === 0) return draws.sample(WORDS, WORDS.length)
  if (index === 7) return []
  return draws.sample(WORDS, draws.int(4, 9))
}

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value))
