import { createHash } from 'node:crypto'
import { DsdError } from '@dsd-lab/core'
import { describe, expect, test } from 'vitest'
import { type Generator, loadTask, registerTask, taskNames } from '../../src/datasets/index.ts'

const sums: Generator = ({ split, seed, index }) => ({
  kind: 'number',
  id: `sums/${split}/${seed}/${index}`,
  task: 'sums',
  prompt: `${seed} + ${index} =`,
  reference: ` ${seed + index}\n#### ${seed + index}`,
  answer: String(seed + index),
  meta: { template: 'sum', steps: 1 },
})

describe('tasks by name', () => {
  test('the two bundled tasks are there, and an experiment file can add its own', () => {
    expect(taskNames()).toEqual(expect.arrayContaining(['word-problems', 'programs']))
    registerTask('sums', sums)
    expect(loadTask('sums', { limit: 3, seed: 10 }).items.map((item) => item.prompt)).toEqual([
      '10 + 0 =',
      '10 + 1 =',
      '10 + 2 =',
    ])
    expect(() => registerTask('sums', sums)).toThrow(DsdError)
  })

  test.each([
    ['an unknown name', () => loadTask('word-problem', { limit: 1 }), /unknown task "word-problem"/],
    ['a limit of zero', () => loadTask('programs', { limit: 0 }), /limit must be a positive integer, got 0/],
    ['half a seed', () => loadTask('programs', { limit: 1, seed: 0.5 }), /seed must be an integer .* got 0.5/],
  ])('%s is a mistake of the user', (_, attempt, message) => {
    expect(attempt).toThrow(DsdError)
    expect(attempt).toThrow(message)
  })

  test('the bundled models were trained on exactly these items', () => {
    const texts = (name: string, split: 'train' | 'heldout') => {
      const hash = createHash('sha256')
      for (const item of loadTask(name, { limit: 300, split }).items) hash.update(item.prompt + item.reference)
      return hash.digest('hex').slice(0, 16)
    }
    expect(texts('word-problems', 'train')).toBe('1b39ecbf2b9b093f')
    expect(texts('word-problems', 'heldout')).toBe('8dd000a19a21f569')
    expect(texts('programs', 'train')).toBe('c92633d29cc3054e')
    expect(texts('programs', 'heldout')).toBe('b639c7de1d8798e3')
  })
})
