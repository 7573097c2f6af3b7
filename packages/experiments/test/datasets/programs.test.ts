import vm from 'node:vm'
import { describe, expect, test } from 'vitest'
import { loadTask, type ProgramItem } from '../../src/datasets/index.ts'

const items = (split: 'train' | 'heldout', limit: number): ProgramItem[] =>
  loadTask('programs', { split, limit }).items.filter((item) => item.kind === 'program')

const realm = vm.createContext({})

/** What the reference returns for the arguments, run as text, as JSON. */
function returned(code: string, item: ProgramItem): string[] {
  const entry: unknown = vm.runInContext(`${code}; (...args) => JSON.stringify(${item.entry}(...args))`, realm)
  if (typeof entry !== 'function') throw new TypeError('the program defines no function')
  return item.hiddenTests.map((hidden) => String(entry(...hidden.args)))
}

const passes = (item: ProgramItem, code: string): boolean =>
  returned(code, item).every((value, index) => value === JSON.stringify(item.hiddenTests[index]?.expected))

const train = items('train', 1500)
const heldout = items('heldout', 700)

describe('a reference program', () => {
  test('passes its hidden tests, though those come from the meaning of the steps and not from any code', () => {
    const wrong = [...train.slice(0, 700), ...heldout].filter((item) => !passes(item, item.prompt + item.reference))
    expect(wrong.map((item) => item.prompt + item.reference)).toEqual([])
  })

  test('is one function, closed by the only line that begins with a brace', () => {
    const open = train.filter((item) => item.reference.indexOf('\n}') !== item.reference.length - 2)
    expect(open.map((item) => item.reference)).toEqual([])
  })

  test('leaves its arguments as they were', () => {
    for (const item of heldout.slice(0, 150)) {
      const check = `${item.prompt}${item.reference}; (args) => { const before = JSON.stringify(args); ${item.entry}(...args); return before === JSON.stringify(args) }`
      const unchanged: unknown = vm.runInContext(check, realm)
      if (typeof unchanged !== 'function') throw new TypeError('the check is no function')
      for (const hidden of item.hiddenTests) expect(unchanged(hidden.args), item.reference).toBe(true)
    }
  })

  test('comes in many styles', () => {
    const styles = {
      loop: /for \(/,
      chain: /\)\./,
      arrow: /=>/,
      function: /function \(/,
      remark: /\/\/ /,
      let: /let /,
      semicolon: /;\n/,
    }
    for (const [name, style] of Object.entries(styles)) {
      const share = train.filter((item) => style.test(item.reference)).length / train.length
      expect(share, name).toBeGreaterThan(0.1)
      expect(share, name).toBeLessThan(0.9)
    }
  })
})

describe('hidden tests', () => {
  const bare = (code: string): string => code.replace(/ *\/\/.*\n/g, '\n')
  const shift = (code: string): string =>
    bare(code).replace(/(?<=[<>*] |[^+] \+ |slice\(-?|repeat\()\d+/, (digits) => String(Number(digits) + 1))

  test('a program whose first constant is one too large fails, unless a later step hides it', () => {
    const changed = heldout.filter((item) => shift(item.reference) !== bare(item.reference))
    const caught = changed.filter((item) => !passes(item, item.prompt + shift(item.reference)))
    expect(changed.length).toBeGreaterThan(200)
    expect(caught.length / changed.length).toBeGreaterThan(0.7)
    const shown = changed.filter((item) => !/count|largest|smallest|letters/.test(item.meta.template))
    const shownCaught = shown.filter((item) => caught.includes(item))
    expect(shownCaught.length / shown.length).toBeGreaterThan(0.8)
  })

  test('a program that returns its argument or a constant fails', () => {
    for (const body of ['return arguments[0] }', 'return }', 'return [] }', 'return 0 }']) {
      const passed = heldout.filter((item) => passes(item, `${item.prompt} ${body}`))
      expect(passed.length / heldout.length, body).toBeLessThan(0.05)
    }
  })
})

describe('the held-out split', () => {
  test('shares no template and no prompt with the training split, and no pipeline of two or three steps', () => {
    const templates = new Set(train.map((item) => item.meta.template))
    const prompts = new Set(train.map((item) => item.prompt))
    const pipeline = (item: ProgramItem) => item.meta.template.split(' | ').at(-1)
    const pipelines = new Set(train.filter((item) => item.meta.steps > 1).map(pipeline))
    expect(pipelines.size).toBeGreaterThan(600)
    const seen = heldout.filter(
      (item) =>
        templates.has(item.meta.template) ||
        prompts.has(item.prompt) ||
        (item.meta.steps > 1 && pipelines.has(pipeline(item))),
    )
    expect(seen.map((item) => item.prompt)).toEqual([])
  })

  test('takes one to three steps, most of them more than one', () => {
    const share = (steps: number) => heldout.filter((item) => item.meta.steps === steps).length / heldout.length
    expect(share(1) + share(2) + share(3)).toBeCloseTo(1)
    for (const steps of [1, 2, 3]) expect(share(steps)).toBeGreaterThan(0.05)
  })
})
