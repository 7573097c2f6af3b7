import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { loadTask, type NumberItem } from '../../src/datasets/index.ts'
import { gradeNumber } from '../../src/graders/exact-number.ts'

const items = (split: 'train' | 'heldout', limit: number, seed = 1): NumberItem[] =>
  loadTask('word-problems', { split, limit, seed }).items.filter((item) => item.kind === 'number')

/** Every `a op b = c` of a worked answer, in order. */
const equations = (text: string) =>
  [...text.matchAll(/(\d+) ([-+*]) (\d+) = (\d+)/g)].map(([, a, op, b, c]) => ({
    a: Number(a),
    op: op ?? '',
    b: Number(b),
    c: Number(c),
  }))

const meaning: Record<string, (a: number, b: number) => number> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
}

describe('a worked answer', () => {
  const all = [...items('train', 1000), ...items('heldout', 1000)]

  test('every equation holds, there is one a step, and the last one gives the answer', () => {
    const wrong = all.filter((item) => {
      const lines = equations(item.reference)
      const holds = lines.every(({ a, op, b, c }) => meaning[op]?.(a, b) === c)
      return !holds || lines.length !== item.meta.steps || String(lines.at(-1)?.c) !== item.answer
    })
    expect(wrong.map((item) => item.reference)).toEqual([])
    expect(all.filter((item) => !gradeNumber(item, item.reference).correct)).toEqual([])
  })

  test('it uses the numbers of the question and results of its own, nothing else', () => {
    const stray = all.filter((item) => {
      const known = new Set(item.prompt.match(/\d+/g)?.map(Number))
      return equations(item.reference).some(({ a, b, c }) => {
        const fromNowhere = !known.has(a) || !known.has(b)
        known.add(c)
        return fromNowhere
      })
    })
    expect(stray.map((item) => item.prompt + item.reference)).toEqual([])
  })

  test('every number of the question is used: the story has no red herring', () => {
    const unused = all.filter((item) => {
      const used = new Set(item.reference.match(/\d+/g))
      return item.prompt.match(/\d+/g)?.some((number) => !used.has(number))
    })
    expect(unused.map((item) => item.prompt + item.reference)).toEqual([])
  })

  test('numbers stay between 2 and 120', () => {
    const numbers = all.flatMap((item) => equations(item.reference).flatMap(({ a, b, c }) => [a, b, c]))
    expect(Math.min(...numbers)).toBeGreaterThanOrEqual(2)
    expect(Math.max(...numbers)).toBeLessThanOrEqual(120)
  })

  test('one to four steps, each common', () => {
    const counts = new Map<number, number>()
    for (const { meta } of all) counts.set(meta.steps, (counts.get(meta.steps) ?? 0) + 1)
    expect([...counts.keys()].sort()).toEqual([1, 2, 3, 4])
    for (const count of counts.values()) expect(count).toBeGreaterThan(all.length * 0.08)
  })

  test('the question does not decide the phrasing: the same story is told in many ways', () => {
    const openings = new Set(all.map((item) => item.reference.replace(/\d+/g, '#').split(' ').slice(1, 6).join(' ')))
    expect(openings.size).toBeGreaterThan(400)
  })
})

describe('the held-out split', () => {
  const train = items('train', 6000)
  const heldout = items('heldout', 2000)

  test('shares no template, no question and no full name with the training split', () => {
    const templates = new Set(train.map((item) => item.meta.template))
    const prompts = new Set(train.map((item) => item.prompt))
    const fullNames = (text: string) =>
      text
        .match(/\b[A-Z][a-z]+ [A-Z][a-z]+\b/g)
        ?.filter((name) => !/^(Then|On|At|In|For|By|After|Question) /.test(name)) ?? []
    const names = new Set(train.flatMap((item) => fullNames(item.prompt)))
    expect(names.size).toBeGreaterThan(300)
    const seen = heldout.filter(
      (item) =>
        templates.has(item.meta.template) ||
        prompts.has(item.prompt) ||
        fullNames(item.prompt).some((name) => names.has(name)),
    )
    expect(seen.map((item) => item.prompt)).toEqual([])
  })

  test('is rich: many templates in both splits, hardly an item twice', () => {
    expect(new Set(train.map((item) => item.meta.template)).size).toBeGreaterThanOrEqual(120)
    expect(new Set(heldout.map((item) => item.meta.template)).size).toBeGreaterThanOrEqual(40)
    expect(new Set(heldout.map((item) => item.prompt)).size).toBeGreaterThan(1990)
  })
})

test('an item is a function of split, seed and index alone', () => {
  const seed = fc.integer({ min: 0, max: 0xffff_ffff })
  fc.assert(
    fc.property(seed, fc.integer({ min: 1, max: 20 }), (someSeed, limit) => {
      expect(items('heldout', limit, someSeed)).toEqual(items('heldout', 20, someSeed).slice(0, limit))
    }),
    { numRuns: 10, seed: 7 },
  )
  expect(items('heldout', 5, 1)).not.toEqual(items('heldout', 5, 2))
})
