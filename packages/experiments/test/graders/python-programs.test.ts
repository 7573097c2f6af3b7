import { readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { afterAll, describe, expect, test } from 'vitest'
import { PythonGrader } from '../../src/graders/python/python-grader.ts'
import { body, doubled, rightBody } from './python-item.ts'

const grader = new PythonGrader({ workers: 2 })
afterAll(() => grader[Symbol.asyncDispose]())
const grade = (text: string) => grader.grade(doubled, text, 'raw')

describe('a Python program', { timeout: 60_000 }, () => {
  test('that is right passes, whatever helper of the prompt it uses', async () => {
    expect(await grade(doubled.reference)).toEqual({ correct: true, reason: 'passed its tests' })
    expect(await grade(rightBody)).toMatchObject({ correct: true })
    expect(await grade(`${rightBody}\nprint(nothing_here)\n`)).toMatchObject({ correct: true })
  })

  test('that is wrong fails, and says how', async () => {
    const said = async (...lines: readonly string[]) => (await grade(body(...lines))).reason
    expect(await said('return xs')).toBe('a test failed')
    expect(await said('return [')).toMatch(/^SyntaxError: /)
    expect(await said('return nowhere')).toBe("NameError: name 'nowhere' is not defined")
    expect(await said('raise ValueError("no")')).toBe('ValueError: no')
    expect(await said('pass')).toBe('a test failed')
    expect(await grade('')).toMatchObject({ correct: false })
  })

  test('may answer with a kin of the expected type, as in one process', async () => {
    expect(await grade(body('class Numbers(list): pass', 'return Numbers(2 * x for x in xs)'))).toMatchObject({
      correct: true,
    })
    const counting = {
      ...doubled,
      test: 'def check(candidate):\n    assert candidate([1, 1]) == {1: 2}\n    assert candidate([]) == {}\n',
    }
    const counted = body('from collections import Counter', 'return Counter(xs)')
    expect(await grader.grade(counting, counted, 'raw')).toMatchObject({ correct: true })
  })

  test('values cross as they are: nested, large, not finite', async () => {
    const echo = {
      ...doubled,
      test: `def check(candidate):
    value = [1.5, float('inf'), -0.0, 10 ** 400, 'ä\\ud800', (1, (2,)), {3}, frozenset([4]), {'a': None, (1,): True}, b'x', 1j]
    answer = candidate(value)
    assert answer == value and [type(one) for one in answer] == [type(one) for one in value]
    assert candidate(float('nan')) != candidate(float('nan'))
`,
    }
    expect(await grader.grade(echo, body('return xs'), 'raw')).toEqual({ correct: true, reason: 'passed its tests' })
  })

  test('an exception that the tests expect reaches them', async () => {
    const refusing = {
      ...doubled,
      test: `def check(candidate):
    try:
        candidate(None)
    except ValueError as error:
        assert str(error) == 'none'
    else:
        assert False
`,
    }
    expect(await grader.grade(refusing, body('raise ValueError("none")'), 'raw')).toMatchObject({ correct: true })
    expect(await grader.grade(refusing, body('raise KeyError("none")'), 'raw')).toMatchObject({ correct: false })
  })

  test('nothing is left behind', async () => {
    const folders = async () => (await readdir(tmpdir())).filter((name) => name.startsWith('dsd-judge-'))
    // Other programs of this machine may have left theirs.
    const before = await folders()
    await grade(rightBody)
    expect((await folders()).filter((name) => !before.includes(name))).toEqual([])
  })
})
