import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ProgramItem } from '../../src/datasets/index.ts'
import { createGrader, type Grader } from '../../src/graders/index.ts'

/** Double each number: two tests. */
const item: ProgramItem = {
  kind: 'program',
  id: 'programs/heldout/0/0',
  task: 'programs',
  prompt: '// Multiply each by 2.\nfunction solve(xs) {',
  reference: '\n  return xs.map((x) => x * 2)\n}',
  entry: 'solve',
  hiddenTests: [
    { args: [[1, 2, 3]], expected: [2, 4, 6] },
    { args: [[]], expected: [] },
  ],
  meta: { template: 'test', steps: 1 },
}

/** Each would be graded right if what it tries succeeded: it answers well, but only after the forbidden thing worked. */
const hostile: readonly (readonly [name: string, body: string])[] = [
  ['an infinite loop', 'while (true) {}\n  return xs.map((x) => x * 2)'],
  ['an infinite loop in a promise', 'Promise.resolve().then(() => { while (true) {} })\n  return Promise.resolve()'],
  ['a loop in a getter of an error', 'throw { get name() { while (true) {} } }'],
  ['a memory bomb', "const all = []\n  for (;;) all.push('x'.repeat(1000) + all.length)"],
  [
    'a memory bomb of buffers',
    'const all = new Array(100).fill(0).map(() => new Uint8Array(1e8).fill(1))\n  return xs.map((x) => x * 2)',
  ],
  ['endless recursion', 'const again = () => again() + 1\n  again()\n  return xs.map((x) => x * 2)'],
  ['process.exit', 'process.exit(0)\n  return xs.map((x) => x * 2)'],
  ['require', "require('fs').readFileSync('/etc/passwd')\n  return xs.map((x) => x * 2)"],
  ['a static view of the module loader', "module.constructor._load('fs')\n  return xs.map((x) => x * 2)"],
  ['fetch', "fetch('http://127.0.0.1/')\n  return xs.map((x) => x * 2)"],
  ['a timer', 'setTimeout(() => {}, 0)\n  return xs.map((x) => x * 2)'],
  [
    'the function constructor of its own realm',
    "this.constructor.constructor('return process')().exit(0)\n  return xs.map((x) => x * 2)",
  ],
  [
    'the function constructor through globalThis',
    "globalThis.constructor.constructor('return process')().exit(0)\n  return xs.map((x) => x * 2)",
  ],
  ['eval', "eval('1')\n  return xs.map((x) => x * 2)"],
]

describe('a program that attacks its judge', () => {
  let grader: Grader
  beforeAll(() => {
    grader = createGrader({ workers: 2, wallMs: 1500 })
  })
  afterAll(() => grader[Symbol.asyncDispose]())

  test.each(hostile)(
    '%s is graded wrong, and the next item is judged as ever',
    { timeout: 60_000 },
    async (_, body) => {
      const [attack, honest] = await Promise.all([
        grader.grade(item, `\n  ${body}\n}`),
        grader.grade(item, item.reference),
      ])
      expect(attack.correct).toBe(false)
      expect(honest).toEqual({ correct: true, reason: 'passed 2 tests' })
      expect(await grader.grade(item, item.reference)).toEqual({ correct: true, reason: 'passed 2 tests' })
    },
  )

  test('the realm behind a rejected import() makes no code from strings', { timeout: 60_000 }, async () => {
    const prompt = `let stolen = 'nothing'
import('node:fs').catch((error) => { stolen = error.constructor.constructor('return "a function of the judge"')() })
function solve() {`
    const spy: ProgramItem = { ...item, prompt, hiddenTests: [{ args: [], expected: 'a function of the judge' }] }
    expect(await grader.grade(spy, '\n  return stolen\n}')).toEqual({
      correct: false,
      reason: 'test 1: expected "a function of the judge", got "nothing"',
    })
  })

  test('a judge that is stopped says nothing of the program, and starts no other process', async () => {
    const stopped = createGrader({ workers: 1, wallMs: 60_000 })
    const verdict = expect(stopped.grade(item, '\n  for (;;) {}\n}')).rejects.toThrow('the judge was stopped')
    await new Promise((resolve) => setTimeout(resolve, 500))
    await stopped[Symbol.asyncDispose]()
    await verdict
  })

  test('a program that changes the built-ins changes them for nobody else', async () => {
    const answer = '\n  Array.prototype.map = () => [0]\n  JSON.stringify = () => "[]"\n  return []\n}'
    expect((await grader.grade(item, answer)).correct).toBe(false)
    expect((await grader.grade(item, item.reference)).correct).toBe(true)
  })
})
